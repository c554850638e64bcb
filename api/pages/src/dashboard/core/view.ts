// What is looked at, and its place in the address bar. Nothing personal stands there: a centre's code, days, codes.

export interface View {
  /** Code of a centre. */
  centre: string
  /** First and last day; empty: the last twelve months. */
  from: string
  to: string
  channel: string
  /** Administrative level of places: 1 or 3. */
  level: number
  /** The quarter of published figures; empty: the last. */
  quarter: string
}

export const EMPTY: View = { centre: '', from: '', to: '', channel: '', level: 3, quarter: '' }

const day = (text: string | null) => (text && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : '')
const word = (text: string | null, pattern: RegExp) => (text && pattern.test(text) ? text : '')

/** Whoever writes an address by hand gets what is well written, and the usual for the rest. */
export function readView(search: string): View {
  const given = new URLSearchParams(search)
  return {
    centre: word(given.get('centre'), /^.{1,64}$/),
    from: day(given.get('from')),
    to: day(given.get('to')),
    channel: word(given.get('channel'), /^[A-Z_]{1,40}$/),
    level: given.get('level') === '1' ? 1 : 3,
    quarter: word(given.get('quarter'), /^\d{4}-Q[1-4]$/),
  }
}

/** The address of a view: only what differs from the usual. */
export function writeView(view: View): string {
  const pairs = Object.entries(view).filter(([name, value]) => value !== EMPTY[name as keyof View])
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return search && `?${search}`
}

const two = (number: number) => String(number).padStart(2, '0')
const text = (date: Date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`

export const today = () => text(new Date())

/** The span of a view: by itself the running month and the eleven before. */
export function span(view: View, now = new Date()): { from: string; to: string } {
  return { from: view.from || text(new Date(now.getFullYear(), now.getMonth() - 11, 1)), to: view.to || text(now) }
}
