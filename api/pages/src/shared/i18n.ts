// Words in three languages. Labels of the API's codes lie beside them, keyed `Enum.VALUE`.
import i18next from 'i18next'

export const LANGUAGES = { en: 'English', my: 'မြန်မာ', th: 'ไทย' } as const
export type Language = keyof typeof LANGUAGES

export const isLanguage = (given: string): given is Language => given in LANGUAGES

/** The language kept under this name, else the browser's. */
export async function beginWords(kept: string): Promise<Language> {
  await i18next.init({ lng: 'none', fallbackLng: false, keySeparator: false, nsSeparator: false, interpolation: { escapeValue: false } })
  return [localStorage.getItem(kept) ?? '', ...navigator.languages.map((one) => one.slice(0, 2))].find(isLanguage) ?? 'en'
}

export async function setWords(language: Language, words: Record<string, string>, kept: string) {
  addWords(language, words)
  await i18next.changeLanguage(language)
  localStorage.setItem(kept, language)
  document.documentElement.lang = language
  document.title = `${words.title} · Lanpya`
}

export const addWords = (language: Language, words: Record<string, string>) => void i18next.addResourceBundle(language, 'translation', words, true, true)

export const word = (key: string, options: Record<string, unknown> = {}): string => i18next.t(key, options)

/** Both forms of a word that has two are asked for by its stem. */
export type Key<Words> = keyof Words | PluralOf<keyof Words>
type PluralOf<K> = K extends `${infer Stem}_other` ? Stem : never

/** The label of a code; the code itself in plain letters where there is none. */
export function label(list: string, value: string): string {
  const key = `${list}.${value}`
  if (i18next.exists(key)) return word(key)
  const plain = value.replaceAll('_', ' ').toLowerCase()
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}

/** The sentence for an error's code: the page's own words, or the label that the API gives it. */
export function sentence(code: string): string {
  const key = [`error.${code}`, `ErrorCode.${code}`].find((one) => i18next.exists(one))
  return word(key ?? 'error.INTERNAL')
}

/** A name in the language of the page; English where it has none. */
export function named(names: { en: string; my: string | null; th: string | null }): string {
  const language = i18next.language
  return (language === 'my' ? names.my : language === 'th' ? names.th : null) ?? names.en
}

// The calendar of the API's dates in every language, and digits that everybody types.
export const locale = () => ({ en: 'en-GB', my: 'my-MM-u-nu-latn', th: 'th-TH-u-ca-gregory-nu-latn' })[i18next.language] ?? 'en-GB'

export const dayText = (day: string) => new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(`${day}T00:00`))
