// The dashboard's words; the labels of codes come from the API.
import { ask, hasToken } from '../../shared/api'
import { addWords, beginWords, type Key, type Language, locale, setWords, word } from '../../shared/i18n'
import { LABELS } from '../documents'
import type { Words } from '../strings/en'
import { set } from './store'

export { dayText, isLanguage, LANGUAGES, label, named, sentence } from '../../shared/i18n'

const KEPT = 'lanpya.dashboard.language'
const LISTS = ['VisitTopic', 'VisitChannel', 'Sex', 'ComplaintStatus', 'RoleCode', 'ErrorCode']

interface Labels {
  enumLabels: { name: string; values: { code: string; label: string }[] }[]
}

const pieces: Record<Language, () => Promise<{ default: Words }>> = {
  en: () => import('../strings/en'),
  my: () => import('../strings/my'),
  th: () => import('../strings/th'),
}

let spoken: Language = 'en'

export const startI18n = async () => speak(await beginWords(KEPT))

export async function speak(language: Language) {
  const words = await pieces[language]()
  spoken = language
  await setWords(language, words.default, KEPT)
  await fetchLabels()
  set({ language })
}

/** What the API calls its codes in the language of the page; somebody has to be signed in. */
export async function fetchLabels() {
  if (!hasToken()) return
  const language = spoken
  const { data } = await ask<Labels>(LABELS, { locale: language.toUpperCase(), names: LISTS })
  if (!data || language !== spoken) return
  const all = data.enumLabels.flatMap(({ name, values }) => values.map(({ code, label }) => [`${name}.${code}`, label]))
  addWords(language, Object.fromEntries(all))
  set({ channels: data.enumLabels.find(({ name }) => name === 'VisitChannel')?.values ?? [] })
}

export const t: (key: Key<Words>, options?: Record<string, unknown>) => string = word

export const count = (value: number) => new Intl.NumberFormat(locale()).format(value)
export const decimal = (value: number) => new Intl.NumberFormat(locale(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value)
export const percent = (value: number | null) => (value === null ? '' : `${decimal(value)} %`)
export const money = (amount: number, currency: string) =>
  new Intl.NumberFormat(locale(), { style: 'currency', currency, currencyDisplay: 'code', maximumFractionDigits: 0 }).format(amount)

/** `2026-03` as people write it. */
export const month = (text: string) => new Intl.DateTimeFormat(locale(), { month: 'short', year: 'numeric' }).format(new Date(`${text}-01T00:00`))
/** `2026-Q3` as months. */
export function quarter(text: string): string {
  const [year, number] = text.split('-Q').map(Number) as [number, number]
  const name = (place: number) => new Intl.DateTimeFormat(locale(), { month: 'short' }).format(new Date(year, place, 1))
  return `${name(number * 3 - 3)} – ${name(number * 3 - 1)} ${year}`
}
