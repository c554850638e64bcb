// What is kept and shown. Names of fields are those of the API's `VisitRecordInput`.
import type { QUESTIONS } from './codes'

/** What the server says at /reception/config.json. */
export interface Config {
  issuer: string | null
  client: string | null
  scope: string
  retentionHours: number
  lockMinutes: number
}

export interface Viewer {
  /** Organisation and subject of the token, hashed: says whose an unsent visit is without naming anybody. */
  owner: string
  name: string
  role: string
  organisation: string
  permissions: string[]
}

export interface Names {
  en: string
  my: string | null
  th: string | null
}

export interface Centre {
  id: string
  code: string
  names: Names
  isActive: boolean
}

export interface Place {
  pcode: string
  names: Names
}

/** The short set: each question that was asked. */
export type WashingtonGroup = Partial<Record<(typeof QUESTIONS)[number], string>>

/** The input of one visit, as the API takes it. */
export interface VisitInput {
  id: string
  centre: string
  visitedOn: string
  channel: string
  visitorKind: string
  ticket?: string
  person?: string
  isFirst?: boolean
  sex?: string
  ageYears?: number
  ageGroup?: string
  washingtonGroup?: WashingtonGroup
  disability?: string
  displacement?: string
  homeTownship?: string
  destination?: string
  sector?: string
  heardThrough?: string
  topics?: string[]
  services?: string[]
  signs?: string[]
  documentsGiven?: string[]
  minutes?: number
  callKind?: string
  satisfaction?: number
  needsFollowUp?: boolean
  note?: string
  recordedOnDeviceAt: string
}

/** A correction of a visit that is on the server: what it was, and which version of it was seen. */
export interface Correction {
  expectedVersion: number
  before: VisitInput
}

export interface FieldError {
  code: string
  message: string
  /** Name of the input's field; empty where no single one is at fault. */
  field: string
}

export type QueueState = 'waiting' | 'refused' | 'sent'

/** A visit on this device. */
export interface Kept {
  id: string
  state: QueueState
  owner: string
  madeAt: number
  /** Whether it left the device at least once without a clear answer: then it may be on the server already. */
  tried: boolean
  sentAt: number | null
  errors: FieldError[]
  input: VisitInput
  /** What the input corrects, where the visit is on the server already. */
  corrects?: Correction
  /** The visitor's name, where one was chosen from the server's records; shown here only. */
  visitor: string
}

/** A row of today's list, as the server told it. */
export interface Row {
  id: string
  ticket: string
  visitedOn: string
  channel: string
  createdAt: string
  visitorKind: string | null
  sex: string | null
  ageYears: number | null
  topics: string[] | null
  services: string[] | null
  needsFollowUp: boolean | null
  person: { id: string; fullName: string | null } | null
}

export interface FollowUp {
  id: string
  rowVersion: number
  neededBy: string
  isOverdue: boolean
  purpose: string | null
  visit: { id: string; ticket: string; person: { fullName: string | null } | null } | null
}

/** Something of the server's, with the time it was asked for. */
export interface Cached<T> {
  at: number
  rows: T[]
}
