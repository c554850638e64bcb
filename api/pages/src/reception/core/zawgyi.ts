// Google's Myanmar Tools: a model that tells Zawgyi from Unicode, and the rules from one to the other. Loaded when needed.
// The package is built for Node: it unpacks its model by `new Buffer(text, 'base64')`, once, while a detector is made.
import { ZawgyiConverter, ZawgyiDetector } from 'myanmar-tools'

class Unpacked {
  constructor(text: string) {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  }
}

function makeDetector(): ZawgyiDetector {
  const place = globalThis as { Buffer?: unknown }
  place.Buffer = Unpacked
  try {
    return new ZawgyiDetector()
  } finally {
    delete place.Buffer
  }
}

const detector = makeDetector()
const converter = new ZawgyiConverter()

export const detect = (text: string) => detector.getZawgyiProbability(text)
export const convert = (text: string) => converter.zawgyiToUnicode(text)
