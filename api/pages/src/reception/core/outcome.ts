// What is sent at once, and what the server's answer means for each visit: pure, so that it can be read at a glance.
import type { Trouble } from '../../shared/api'
import type { FieldError, VisitInput } from './types'

/** A thin link brings 2 kB in a second, and the server waits 10 seconds for a body. */
const MOST_BYTES = 12_000

export interface Result {
  index: number
  outcome: 'CREATED' | 'ALREADY_THERE' | 'REFUSED' | 'DEFERRED'
  userErrors: { code: string; message: string; field: string | null }[]
}

export interface Verdict {
  id: string
  state: 'sent' | 'refused' | 'waiting'
  errors: FieldError[]
}

/** The first visits that fit: at most `most` of them, at least one. */
export function batch<T extends { input: VisitInput }>(waiting: T[], most: number): T[] {
  const taken: T[] = []
  let bytes = 0
  for (const visit of waiting) {
    bytes += new TextEncoder().encode(JSON.stringify(visit.input)).length
    if (taken.length > 0 && (taken.length >= most || bytes > MOST_BYTES)) break
    taken.push(visit)
  }
  return taken
}

/** `input.visits.3.minutes` and `input.minutes` are both the field `minutes`. */
export const fieldOf = (path: string | null) => (path ?? '').replace(/^input\./, '').replace(/^visits\.\d+\.?/, '')

/** What became of each. Only what the server names as there counts as sent. */
export function verdicts(ids: string[], results: Result[]): Verdict[] {
  return ids.map((id, index) => {
    const result = results.find((one) => one.index === index)
    switch (result?.outcome) {
      case 'CREATED':
      case 'ALREADY_THERE':
        return { id, state: 'sent', errors: [] }
      case 'REFUSED':
        return { id, state: 'refused', errors: result.userErrors.map((error) => ({ ...error, field: fieldOf(error.field) })) }
      default:
        return { id, state: 'waiting', errors: [] }
    }
  })
}

/** A value that no type allows makes the whole batch fail; the path says which visit it is, and that one is taken out. */
export function culprit(ids: string[], trouble: Trouble): Verdict | null {
  const found = /visits\.(\d+)/.exec(trouble.field)
  const id = found ? ids[Number(found[1])] : undefined
  if (trouble.kind !== 'refused' || id === undefined) return null
  return { id, state: 'refused', errors: [{ code: trouble.code, message: trouble.message, field: fieldOf(trouble.field) }] }
}
