// What the form holds while it is filled in, and the input that it becomes.
import { newId, ticketOf } from './ids'
import { tidy, today } from './text'
import type { Found, Person } from './lists'
import { inputOf } from './correction'
import { QUESTIONS } from './codes'
import type { Correction, FieldError, Kept, VisitInput, WashingtonGroup } from './types'

export interface Draft {
  id: string
  /** Whether the visit lies in the queue already and is corrected. */
  isKept: boolean
  centre: string
  visitedOn: string
  channel: string
  visitorKind: string
  ticket: string
  person: string
  visitor: string
  isReturning: boolean
  sex: string
  ageYears: string
  ageGroup: string
  washingtonGroup: WashingtonGroup
  disability: string
  displacement: string
  homeTownship: string
  destination: string
  sector: string
  heardThrough: string
  topics: string[]
  services: string[]
  signs: string[]
  documentsGiven: string
  minutes: string
  callKind: string
  satisfaction: string
  needsFollowUp: boolean
  note: string
  recordedOnDeviceAt: string
  /** What is corrected, where the visit is on the server already. */
  corrects?: Correction
  errors: FieldError[]
}

export function newDraft(centre: string): Draft {
  return {
    id: newId('visit'), isKept: false, centre, visitedOn: today(), channel: 'WALK_IN', visitorKind: '', ticket: '', person: '',
    visitor: '', isReturning: false, sex: '', ageYears: '', ageGroup: '', washingtonGroup: {}, disability: '', displacement: '', homeTownship: '', destination: '',
    sector: '', heardThrough: '', topics: [], services: [], signs: [], documentsGiven: '', minutes: '', callKind: '',
    satisfaction: '', needsFollowUp: false, note: '', recordedOnDeviceAt: '', errors: [],
  }
}

/** Burmese and Thai digits are digits. */
function number(text: string): number | undefined {
  const plain = tidy(text).replace(/[၀-၉๐-๙]/g, (digit) => String(digit.charCodeAt(0) - (digit >= '၀' ? 0x1040 : 0x0e50)))
  return plain === '' ? undefined : Number(plain)
}

/** What the short set tells of disability: a lot of difficulty in one question is enough, none needs all six answers. */
export function disabilityOf(answers: WashingtonGroup): string {
  const told = QUESTIONS.map((question) => answers[question])
  if (told.some((answer) => answer === 'A_LOT_OF_DIFFICULTY' || answer === 'CANNOT_DO_AT_ALL')) return 'YES'
  return told.every(Boolean) ? 'NO' : ''
}

export function toInput(draft: Draft, now = new Date()): VisitInput {
  const asked = QUESTIONS.map((question) => [question, draft.washingtonGroup[question]]).filter(([, answer]) => answer)
  const input: Record<string, unknown> = {
    id: draft.id,
    centre: draft.centre,
    visitedOn: draft.visitedOn,
    channel: draft.channel,
    visitorKind: draft.visitorKind,
    ticket: tidy(draft.ticket) || ticketOf(draft.id),
    person: draft.person,
    isFirst: !draft.isReturning,
    sex: draft.sex,
    ageYears: number(draft.ageYears),
    ageGroup: tidy(draft.ageYears) ? '' : draft.ageGroup,
    washingtonGroup: asked.length > 0 ? Object.fromEntries(asked) : undefined,
    disability: disabilityOf(draft.washingtonGroup) || draft.disability,
    displacement: draft.displacement,
    homeTownship: draft.homeTownship,
    destination: draft.destination,
    sector: draft.sector,
    heardThrough: draft.heardThrough,
    topics: draft.topics,
    services: draft.services,
    signs: draft.signs,
    documentsGiven: draft.documentsGiven.split(/[,၊،\n]/).map(tidy).filter(Boolean),
    minutes: number(draft.minutes),
    callKind: draft.channel === 'PHONE' ? draft.callKind : '',
    satisfaction: number(draft.satisfaction),
    needsFollowUp: draft.needsFollowUp,
    note: tidy(draft.note),
    recordedOnDeviceAt: draft.recordedOnDeviceAt || now.toISOString(),
  }
  // Nothing is said of what was not asked.
  const empty = (value: unknown) => value === '' || value === undefined || (Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(input).filter(([, value]) => !empty(value))) as unknown as VisitInput
}

/** What can be known to be wrong without the server; the server has the last word. */
export function check(input: VisitInput): FieldError[] {
  const errors: FieldError[] = []
  const add = (field: string, code: string) => errors.push({ field, code, message: '' })
  if (!input.centre) add('centre', 'FIELD_REQUIRED')
  if (!input.visitedOn) add('visitedOn', 'FIELD_REQUIRED')
  else if (input.visitedOn > today()) add('visitedOn', 'DATE_INVALID')
  if (!input.visitorKind) add('visitorKind', 'FIELD_REQUIRED')
  const within = (field: 'ageYears' | 'minutes' | 'satisfaction', least: number, most: number) => {
    const value = input[field]
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most)) add(field, 'BAD_USER_INPUT')
  }
  within('ageYears', 0, 120)
  within('minutes', 0, 1440)
  within('satisfaction', 1, 5)
  if ((input.ticket?.length ?? 0) > 64) add('ticket', 'TOO_LONG')
  if ((input.note?.length ?? 0) > 10_000) add('note', 'TOO_LONG')
  return errors
}

/** A visit that is on the server, to be corrected. */
export function fromThere(visit: Record<string, unknown>): Draft {
  const input = inputOf(visit)
  const { fullName } = (visit.person ?? {}) as { fullName?: string }
  const corrects = { expectedVersion: Number(visit.rowVersion), before: input }
  const kept = { id: input.id, input, visitor: fullName ?? '', errors: [] as FieldError[], corrects }
  return { ...fromKept(kept), isKept: true }
}

/** A visit of the queue, to be corrected. */
export function fromKept({ id, input, visitor, errors, corrects }: Pick<Kept, 'id' | 'input' | 'visitor' | 'errors' | 'corrects'>): Draft {
  const text = (value: number | undefined) => (value === undefined ? '' : String(value))
  return {
    ...newDraft(input.centre),
    ...input,
    id,
    isKept: true,
    visitor,
    corrects,
    errors,
    isReturning: input.isFirst === false,
    ageYears: text(input.ageYears),
    minutes: text(input.minutes),
    satisfaction: text(input.satisfaction),
    documentsGiven: (input.documentsGiven ?? []).join(', '),
  }
}

/** A visitor who comes again: what was said last time is said for a start. */
export function fromVisit(draft: Draft, visit: Found): Draft {
  return {
    ...draft,
    ticket: visit.ticket,
    person: visit.person?.id ?? '',
    visitor: visit.person?.fullName ?? '',
    isReturning: true,
    visitorKind: visit.visitorKind ?? '',
    sex: visit.sex && visit.sex !== 'NOT_ASKED' ? visit.sex : '',
    ageYears: visit.ageYears === null ? '' : String(visit.ageYears),
    homeTownship: visit.homeTownship?.pcode ?? '',
    destination: visit.destination ?? '',
    sector: visit.sector ?? '',
    disability: visit.disability && visit.disability !== 'NOT_ASKED' ? visit.disability : '',
    displacement: visit.displacement && visit.displacement !== 'NOT_ASKED' ? visit.displacement : '',
  }
}

export function fromPerson(draft: Draft, person: Person): Draft {
  const sex = person.sex && person.sex !== 'NOT_ASKED' ? person.sex : ''
  const ageYears = person.ageYears === null ? '' : String(person.ageYears)
  return { ...draft, person: person.id, visitor: person.fullName ?? '', sex, ageYears }
}
