declare module 'myanmar-tools' {
  export class ZawgyiDetector {
    getZawgyiProbability(text: string): number
  }
  export class ZawgyiConverter {
    zawgyiToUnicode(text: string): string
  }
}
