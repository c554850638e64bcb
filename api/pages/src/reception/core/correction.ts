// A visit that is on the server, corrected here: what was changed goes back, with the version that was seen.
import { QUESTIONS } from './codes'
import type { Correction, VisitInput, WashingtonGroup } from './types'

const FIXED = new Set(['id', 'centre', 'recordedOnDeviceAt'])
const LISTS = new Set(['topics', 'services', 'signs', 'documentsGiven'])
/** What the API has a word for where nothing is known. */
const UNASKED = new Set(['sex', 'disability', 'displacement'])
/** What an emptied field is sent as; the short set is told whole. */
const none = (field: string) => (LISTS.has(field) ? [] : UNASKED.has(field) ? 'NOT_ASKED' : field === 'needsFollowUp' ? false : field === 'washingtonGroup' ? {} : null)

/** The questions of the short set that were asked; nothing where none was. */
function answered(value: unknown): WashingtonGroup | null {
  const asked = QUESTIONS.flatMap((question) => {
    const answer = (value as WashingtonGroup | null)?.[question]
    return answer ? [[question, answer]] : []
  })
  return asked.length > 0 ? Object.fromEntries(asked) : null
}

/** The server's visit as the input it would be today. */
export function inputOf(visit: Record<string, unknown>): VisitInput {
  const inner = (value: unknown, field: string) => {
    if (field === 'washingtonGroup') return answered(value)
    const { id, pcode } = (value ?? {}) as { id?: string; pcode?: string }
    return value && typeof value === 'object' && !Array.isArray(value) ? (pcode ?? id) : value
  }
  const { rowVersion, createdAt, ...rest } = visit
  const told = Object.entries(rest).map(([field, value]) => [field, inner(value, field)] as const)
  const empty = (value: unknown) => value === null || value === undefined || value === 'NOT_ASKED' || (Array.isArray(value) && value.length === 0)
  return Object.fromEntries(told.filter(([, value]) => !empty(value))) as unknown as VisitInput
}

/** Only what was changed: what another changed meanwhile stays as it is. */
export function changes(input: VisitInput, { expectedVersion, before }: Correction): Record<string, unknown> {
  const [now, was] = [input, before] as unknown as Record<string, unknown>[]
  const plain = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value)
  const fields = [...new Set([...Object.keys(now), ...Object.keys(was)])].filter((field) => !FIXED.has(field) && plain(now[field] ?? none(field)) !== plain(was[field] ?? none(field)))
  return { visit: input.id, expectedVersion, ...Object.fromEntries(fields.map((field) => [field, now[field] ?? none(field)])) }
}
