// Google's Myanmar Tools: a model that tells Zawgyi from Unicode, and the rules from one to the other. Loaded when needed.
import { ZawgyiConverter, ZawgyiDetector } from 'myanmar-tools'

const detector = new ZawgyiDetector()
const converter = new ZawgyiConverter()

export const detect = (text: string) => detector.getZawgyiProbability(text)
export const convert = (text: string) => converter.zawgyiToUnicode(text)
