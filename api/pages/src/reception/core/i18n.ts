// The reception page's words, each language a piece of its own.
import { beginWords, type Key, type Language, locale, setWords, word } from '../../shared/i18n'
import type { Words } from '../strings/en'
import { get, set } from './store'

export { dayText, isLanguage, LANGUAGES, label, named, sentence } from '../../shared/i18n'

const KEPT = 'lanpya.reception.language'
const pieces: Record<Language, () => Promise<[{ default: Words }, { default: Record<string, string> }]>> = {
  en: () => Promise.all([import('../strings/en'), import('../labels/en.json')]),
  my: () => Promise.all([import('../strings/my'), import('../labels/my.json')]),
  th: () => Promise.all([import('../strings/th'), import('../labels/th.json')]),
}

export const startI18n = async () => speak(await beginWords(KEPT))

export async function speak(language: Language) {
  const [words, labels] = await pieces[language]()
  await setWords(language, { ...labels.default, ...words.default }, KEPT)
  // What was said was said in another language.
  set({ language, said: { ...get().said, text: '' } })
}

export const t: (key: Key<Words>, options?: Record<string, unknown>) => string = word

/** Hours and minutes, with the day where it is not today. */
export function clock(at: number): string {
  const date = new Date(at)
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  const sameDay = date.toDateString() === new Date().toDateString()
  return new Intl.DateTimeFormat(locale(), sameDay ? time : { ...time, day: 'numeric', month: 'short' }).format(date)
}

export function country(code: string): string {
  return new Intl.DisplayNames([get().language, 'en'], { type: 'region' }).of(code) ?? code
}
