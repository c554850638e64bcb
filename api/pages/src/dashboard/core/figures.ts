// Answers of the API as rows of a table and bars of a chart: one list of rows, one or more series.

export interface Cell {
  /** Null where it may not be told. */
  count: number | null
  /** As far as it may be told. */
  atLeast: number
  suppressed: boolean
  share: number | null
}

export interface Row {
  key: string
  label: string
  /** One for each series. */
  cells: Cell[]
  /** What else stands in the row of the table. */
  more?: string[]
}

export interface Figures {
  rows: Row[]
  series: string[]
  /** Whether each series adds to a whole, so that a sum says something. */
  adds: boolean
  published: boolean
  /** Quarters there are figures of, newest first; of published figures only. */
  quarters: string[]
  quarter: string
  /** How many groups are not shown. */
  hidden: number
}

export interface Group {
  atLeast: number
  share: number | null
  isSuppressed: boolean
  visits?: number | null
  complaints?: number | null
  key: Record<string, unknown> & { period?: { from: string; label: string } | null }
}

export interface Answered {
  groups: Group[]
  groupCount: number
  isPublished: boolean
}

export const NONE: Cell = { count: 0, atLeast: 0, suppressed: false, share: null }

export const cell = (group: Group): Cell => ({
  count: group.isSuppressed ? null : (group.visits ?? group.complaints ?? null),
  atLeast: group.atLeast,
  suppressed: group.isSuppressed,
  share: group.share,
})

/** Code of a key and what it is called. */
export type Named = (key: Group['key']) => { code: string; label: string }

/** One bar for each group, the greatest first unless they have an order of their own; what is not known comes last. Of
 * published figures those of one quarter. */
export function ranked(answer: Answered, name: Named, most: number, wished = '', own = false): Figures {
  const quarters = [...new Set(answer.groups.map((group) => group.key.period?.label).filter((one) => one !== undefined))].sort().reverse()
  const quarter = answer.isPublished ? (quarters.includes(wished) ? wished : (quarters[0] ?? '')) : ''
  const groups = quarter ? answer.groups.filter((group) => group.key.period?.label === quarter) : answer.groups
  const rows = groups.map((group) => ({ ...key(name(group.key)), cells: [cell(group)] }))
  // What cannot be told has no rank: it stands after what can.
  const rank = (row: Row) => row.cells[0]?.count ?? (row.cells[0]?.atLeast ?? 0) - 1
  rows.sort((one, other) => Number(one.key === '') - Number(other.key === '') || (own ? 0 : rank(other) - rank(one)))
  const shown = rows.slice(0, most)
  const hidden = quarter ? rows.length - shown.length : answer.groupCount - shown.length
  return { rows: shown, series: [], adds: false, published: answer.isPublished, quarters, quarter, hidden }
}

const key = ({ code, label }: { code: string; label: string }) => ({ key: code, label })

/** Two keys: rows by the one, series by the other; what is not in the answer is none. */
export function crossed(answer: Answered, row: Named, column: Named, rowOrder: string[] = [], columnOrder: string[] = []): Figures {
  const names = new Map<string, string>()
  const columns: string[] = []
  const cells = new Map<string, Cell>()
  const rows: string[] = [...rowOrder]
  for (const group of answer.groups) {
    const [one, other] = [row(group.key), column(group.key)]
    names.set(`r${one.code}`, one.label)
    names.set(`c${other.code}`, other.label)
    if (!rows.includes(one.code)) rows.push(one.code)
    if (!columns.includes(other.code)) columns.push(other.code)
    cells.set(`${one.code}\n${other.code}`, cell(group))
  }
  // Codes that the list does not have stand after it.
  const place = (code: string) => (columnOrder.includes(code) ? columnOrder.indexOf(code) : columnOrder.length)
  columns.sort((one, other) => place(one) - place(other))
  return {
    rows: rows.map((code) => ({
      key: code,
      label: names.get(`r${code}`) ?? row({ period: { from: '', label: code } }).label,
      cells: columns.map((other) => cells.get(`${code}\n${other}`) ?? NONE),
    })),
    series: columns.map((code) => names.get(`c${code}`) ?? code),
    adds: true,
    published: answer.isPublished,
    quarters: [],
    quarter: '',
    hidden: answer.groupCount - answer.groups.length,
  }
}

/** The months from one day to another, as the API writes them. */
export function months(from: string, to: string): string[] {
  const all: string[] = []
  let [year, month] = from.split('-').map(Number) as [number, number]
  for (const last = to.slice(0, 7); all.length < 120; month += 1) {
    if (month > 12) [year, month] = [year + 1, 1]
    const text = `${year}-${String(month).padStart(2, '0')}`
    if (text > last) break
    all.push(text)
  }
  return all
}

/** The sum of a row, if nothing in it is hidden. */
export const sum = (row: Row): number | null => row.cells.reduce<number | null>((all, one) => (all === null || one.count === null ? null : all + one.count), 0)
