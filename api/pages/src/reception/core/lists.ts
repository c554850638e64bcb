// What the server has: centres, places, today's visits, follow-ups due, and a search. Shown with the time it is of.
import { ask, type Trouble } from '../../shared/api'
import { CENTRES, DONE, DUE, FIND, PLACES, THERE, TODAY } from '../documents'
import { remember, rememberPlaces } from './keep'
import { send } from './sender'
import { signedOut } from './session'
import { sentence } from './i18n'
import { get, say, set } from './store'
import { today as day } from './text'
import type { Cached, Centre, FollowUp, Place, Row } from './types'

export interface Found extends Row {
  homeTownship: { pcode: string } | null
  destination: string | null
  sector: string | null
  disability: string | null
  displacement: string | null
}

export interface Person {
  id: string
  fullName: string | null
  sex: string | null
  ageYears: number | null
}

interface Nodes<T> {
  nodes: T[]
}

function heard(trouble: Trouble | null): Trouble | null {
  if (trouble?.kind === 'signedOut') signedOut()
  else if (trouble?.kind === 'refused') say(sentence(trouble.code), false)
  return trouble
}

/** After unlocking: the queue first, then what is shown, then what can wait. */
export async function opened() {
  if (!get().signedIn) return
  await send()
  await refreshCentres()
  await refresh()
  await refreshPlaces()
}

export async function refreshCentres() {
  const answer = await ask<{ resourceCentres: Nodes<Centre> }>(CENTRES)
  if (heard(answer.trouble) || !answer.data) return
  const centres = answer.data.resourceCentres.nodes.filter((centre) => centre.isActive)
  set({ centres })
  if (get().stage === 'open') await remember('centres', centres)
}

/** Today's list and the follow-ups due. */
export async function refresh(): Promise<Trouble | null> {
  if (!get().signedIn) return null
  const answer = await ask<{ visits: Nodes<Row> }>(TODAY, { day: day() })
  if (heard(answer.trouble) || !answer.data) return answer.trouble
  const list: Cached<Row> = { at: Date.now(), rows: answer.data.visits.nodes }
  const due = await ask<{ visitFollowUps: Nodes<FollowUp> }>(DUE, { day: day() })
  if (get().stage !== 'open') return null
  set({ today: list })
  await remember('today', list)
  if (heard(due.trouble) || !due.data) return due.trouble
  const followUps: Cached<FollowUp> = { at: Date.now(), rows: due.data.visitFollowUps.nodes }
  set({ followUps })
  await remember('followUps', followUps)
  return null
}

/** Some hundred townships, once: a page at a time, behind everything else. */
async function refreshPlaces() {
  if (get().places.length > 0) return
  const places: Place[] = []
  for (let after: string | null = null; ; ) {
    const answer: Awaited<ReturnType<typeof page>> = await page(after)
    if (!answer.data) return
    places.push(...answer.data.locations.nodes)
    const { hasNextPage, endCursor } = answer.data.locations.pageInfo
    if (!hasNextPage) break
    after = endCursor
  }
  set({ places })
  await rememberPlaces(places)
}

const page = (after: string | null) =>
  ask<{ locations: Nodes<Place> & { pageInfo: { hasNextPage: boolean; endCursor: string | null } } }>(PLACES, { after })

export interface Hits {
  visits: Found[]
  persons: Person[]
}

export async function find(text: string): Promise<{ hits: Hits | null; trouble: Trouble | null }> {
  const answer = await ask<{ visits: Nodes<Found>; persons: Nodes<Person> }>(FIND, { text })
  if (heard(answer.trouble) || !answer.data) return { hits: null, trouble: answer.trouble }
  return { hits: { visits: answer.data.visits.nodes, persons: answer.data.persons.nodes }, trouble: null }
}

/** What the server has under an id of this device; null if nothing is within reach. */
export async function there(id: string): Promise<{ visit: Record<string, unknown> | null; trouble: Trouble | null }> {
  const answer = await ask<{ visit: Record<string, unknown> | null }>(THERE, { id })
  return { visit: answer.data?.visit ?? null, trouble: heard(answer.trouble) }
}

export async function complete(followUp: FollowUp, key: string, outcome: string): Promise<string> {
  const input = { idempotencyKey: key, visitFollowUp: followUp.id, expectedVersion: followUp.rowVersion, outcome }
  const answer = await ask<{ visitFollowUpComplete: { userErrors: { code: string }[] } }>(DONE, { input })
  if (heard(answer.trouble) || !answer.data) return answer.trouble?.code ?? 'INTERNAL'
  const wrong = answer.data.visitFollowUpComplete.userErrors[0]
  if (wrong) return wrong.code
  const { followUps } = get()
  if (followUps) set({ followUps: { ...followUps, rows: followUps.rows.filter((row) => row.id !== followUp.id) } })
  void refresh()
  return ''
}
