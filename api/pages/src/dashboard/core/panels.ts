// What each panel of visits asks for, and how its answer becomes rows. The true form is asked first; where the role may
// not read what it is cut by, the published form: one way, by quarters that have ended, without filters.
import { ask, type Answer, type Trouble } from '../../shared/api'
import { BY_AGE, BY_MONTH, BY_PLACE, BY_SEX, BY_SEX_AND_AGE, BY_TOPIC } from '../documents'
import { type Answered, crossed, type Figures, type Group, months, ranked } from './figures'
import { label, month, named, t } from './i18n'
import { get, type Names } from './store'
import { span, type View } from './view'

/** How many bars there are at most. */
const MOST = 15

export interface Panel {
  id: 'months' | 'topics' | 'places' | 'sexAge' | 'sex' | 'ages'
  /** `ranked`: lying bars. `stacked`: months. `grouped`: side by side. */
  chart: 'ranked' | 'stacked' | 'grouped'
  groupBy: string[]
  bucket?: 'MONTH'
  arguments?: (view: View) => { placeLevel?: number; ageScheme?: string; orderBy?: string; first?: number }
  /** What is sent. */
  document: string
  figures: (answer: Answered, view: View) => Figures
  /** Shown instead where only published figures may be read, which are cut one way. */
  instead?: Panel[]
}

const coded = (list: string, field: string) => (key: Group['key']) => {
  const value = key[field]
  return typeof value === 'string' ? { code: value, label: label(list, value) } : { code: '', label: t('unknown') }
}
const topic = coded('VisitTopic', 'topics')
const sex = coded('Sex', 'sex')
const channel = coded('VisitChannel', 'channel')
const age = (key: Group['key']) => {
  const band = key.ageBand as { label: string } | null | undefined
  return band ? { code: band.label, label: band.label } : { code: '', label: t('unknown') }
}
const place = (key: Group['key']) => {
  const found = key.homeTownship as { pcode: string; names: Names } | null | undefined
  return found ? { code: found.pcode, label: named(found.names) } : { code: '', label: t('unknown') }
}
const when = (key: Group['key']) => ({ code: key.period?.label ?? '', label: key.period ? month(key.period.label) : t('unknown') })

const SEXES = ['FEMALE', 'MALE', 'OTHER', 'UNKNOWN', 'REFUSED', 'NOT_ASKED']
const byCount = () => ({ orderBy: 'COUNT', first: MOST })
const one = (id: Panel['id'], dimension: string, document: string, name: (key: Group['key']) => { code: string; label: string }, more: Panel['arguments'] = byCount, own = false): Panel => ({
  id,
  chart: 'ranked',
  groupBy: [dimension],
  document,
  arguments: more,
  figures: (answer, view) => ranked(answer, name, MOST, view.quarter, own),
})

export const PANELS: Panel[] = [
  {
    id: 'months',
    chart: 'stacked',
    groupBy: ['CHANNEL'],
    bucket: 'MONTH',
    document: BY_MONTH,
    arguments: () => ({ first: 1000 }),
    figures: (answer, view) => {
      const { from, to } = span(view)
      return crossed(answer, when, channel, answer.groups.length > 0 ? months(from, to) : [], get().channels.map(({ code }) => code))
    },
  },
  one('topics', 'TOPICS', BY_TOPIC, topic),
  one('places', 'HOME_TOWNSHIP', BY_PLACE, place, (view) => ({ ...byCount(), placeLevel: view.level })),
  {
    id: 'sexAge',
    chart: 'grouped',
    groupBy: ['AGE_BAND', 'SEX'],
    document: BY_SEX_AND_AGE,
    arguments: () => ({ ageScheme: 'UNHCR', first: 1000 }),
    figures: (answer) => crossed(answer, age, sex, [], SEXES),
    instead: [one('sex', 'SEX', BY_SEX, sex, byCount, true), one('ages', 'AGE_BAND', BY_AGE, age, () => ({ ...byCount(), ageScheme: 'UNHCR' }), true)],
  },
]

/** A filter on visits. */
export function filterOf(view: View, day = 'visitedOn'): Record<string, unknown> {
  const { from, to } = span(view)
  return {
    [day]: { gte: from, lte: to },
    ...(view.centre && { centre: { is: { code: { eq: view.centre } } } }),
    ...(view.channel && day === 'visitedOn' && { channel: { eq: view.channel } }),
  }
}

export interface Found {
  answer: Answered | null
  published: boolean
  trouble: Trouble | null
}

/** What the service publishes: ages by its own bands, places by township. */
const PUBLISHED = { bucket: 'QUARTER' }

/** The true figures, else the published ones. */
export async function find(panel: Panel, view: View): Promise<Found> {
  const more = panel.arguments?.(view) ?? {}
  const told = await statistics(panel, { where: filterOf(view), groupBy: panel.groupBy, ...(panel.bucket && { bucket: panel.bucket }), ...more })
  if (told.trouble?.code !== 'CLASS_NOT_ALLOWED') return { answer: told.data?.statistics ?? null, published: false, trouble: told.trouble }
  if (panel.instead) return { answer: null, published: true, trouble: null }
  const published = await statistics(panel, { groupBy: panel.groupBy, ...PUBLISHED, first: 1000 })
  return { answer: published.data?.statistics ?? null, published: true, trouble: published.trouble }
}

const statistics = (panel: Panel, variables: object): Promise<Answer<{ statistics: Answered }>> => ask(panel.document, variables)

/** The parameters of the file with a panel's numbers. */
export function fileOf(panel: Panel, view: View, published: boolean): Record<string, string> {
  if (published) return { groupBy: panel.groupBy.join(','), ...PUBLISHED }
  const { first: _, orderBy, ...rest } = panel.arguments?.(view) ?? {}
  const texts = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]))
  const cut = { groupBy: panel.groupBy.join(','), ...texts }
  return { ...cut, ...(panel.bucket && { bucket: panel.bucket }), ...(orderBy && { orderBy }), ...filterPairs(view) }
}

export function filterPairs(view: View): Record<string, string> {
  return { ...span(view), ...(view.centre && { centre: view.centre }), ...(view.channel && { channel: view.channel }) }
}
