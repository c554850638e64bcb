// Words in three languages, each a piece of its own; labels of the API's codes lie beside them, keyed `Enum.VALUE`.
import i18next, { type TFunction } from 'i18next'
import type { Words } from '../strings/en'
import { get, set } from './store'

export const LANGUAGES = { en: 'English', my: 'မြန်မာ', th: 'ไทย' } as const
export type Language = keyof typeof LANGUAGES

const KEPT = 'lanpya.reception.language'
const pieces: Record<Language, () => Promise<[{ default: Words }, { default: Record<string, string> }]>> = {
  en: () => Promise.all([import('../strings/en'), import('../labels/en.json')]),
  my: () => Promise.all([import('../strings/my'), import('../labels/my.json')]),
  th: () => Promise.all([import('../strings/th'), import('../labels/th.json')]),
}

export const isLanguage = (given: string): given is Language => given in LANGUAGES

export async function startI18n() {
  await i18next.init({ lng: 'none', fallbackLng: false, keySeparator: false, nsSeparator: false, interpolation: { escapeValue: false } })
  const wished = [localStorage.getItem(KEPT) ?? '', ...navigator.languages.map((one) => one.slice(0, 2))].find(isLanguage)
  await speak(wished ?? 'en')
}

export async function speak(language: Language) {
  const [words, labels] = await pieces[language]()
  i18next.addResourceBundle(language, 'translation', { ...labels.default, ...words.default })
  await i18next.changeLanguage(language)
  localStorage.setItem(KEPT, language)
  document.documentElement.lang = language
  document.title = `${t('title')} · Lanpya`
  // What was said was said in another language.
  set({ language, said: { ...get().said, text: '' } })
}

export const t = ((key: string, options?: Record<string, unknown>) => i18next.t(key, options ?? {})) as (key: keyof Words | PluralOf<keyof Words>, options?: Record<string, unknown>) => ReturnType<TFunction>

type PluralOf<K extends string> = K extends `${infer Stem}_other` ? Stem : never

/** The label of a code; the code itself in plain letters where there is none. */
export function label(list: string, value: string): string {
  const key = `${list}.${value}`
  if (i18next.exists(key)) return i18next.t(key)
  const plain = value.replaceAll('_', ' ').toLowerCase()
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}

/** The sentence for an error's code: this page's own words, or the label that the API gives it. */
export function sentence(code: string): string {
  const key = [`error.${code}`, `ErrorCode.${code}`].find((one) => i18next.exists(one))
  return i18next.t(key ?? 'error.INTERNAL')
}

/** A name in the language of the page; English where it has none. */
export function named(names: { en: string; my: string | null; th: string | null }): string {
  const { language } = get()
  return (language === 'my' ? names.my : language === 'th' ? names.th : null) ?? names.en
}

/** Hours and minutes, with the day where it is not today. */
export function clock(at: number): string {
  const date = new Date(at)
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  const sameDay = date.toDateString() === new Date().toDateString()
  return new Intl.DateTimeFormat(locale(), sameDay ? time : { ...time, day: 'numeric', month: 'short' }).format(date)
}

export const dayText = (day: string) => new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(`${day}T00:00`))

// The calendar of the API's dates in every language, and digits that everybody types.
const locale = () => ({ en: 'en-GB', my: 'my-MM-u-nu-latn', th: 'th-TH-u-ca-gregory-nu-latn' })[get().language] ?? 'en-GB'

export function country(code: string): string {
  return new Intl.DisplayNames([get().language, 'en'], { type: 'region' }).of(code) ?? code
}
