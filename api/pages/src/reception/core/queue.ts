// The visits on this device. A visit leaves the queue when the server has acknowledged it, or when a person discards it.
import type { Verdict } from './outcome'
import { type StoredVisit, db } from './db'
import { get, set } from './store'
import type { Correction, Kept, VisitInput } from './types'
import { isOpen, sealed, unsealed } from './vault'

interface Inside {
  input: VisitInput
  visitor: string
  corrects?: Correction
}

const tell = new BroadcastChannel('lanpya-reception')
tell.onmessage = () => void reload()

/** Reads the queue again, for this tab; other tabs are told. */
async function changed() {
  tell.postMessage('changed')
  await reload()
}

export async function reload() {
  const stored = await (await db()).getAll('visits')
  stored.sort((one, other) => one.madeAt - other.madeAt || (one.id < other.id ? -1 : 1))
  const unsent = stored.filter((visit) => visit.state !== 'sent').length
  if (!isOpen()) {
    set({ unsent })
    return
  }
  const kept = await Promise.all(
    stored.map(async ({ sealed: inside, ...rest }): Promise<Kept> => ({ ...rest, ...(await unsealed<Inside>(rest.id, inside)) })),
  )
  if (isOpen()) set({ kept, unsent })
}

/** Puts a new or corrected visit, or a correction of one that is on the server, into the queue. Written to the disk before it says so. */
export async function put(input: VisitInput, visitor: string, owner: string, corrects?: Correction) {
  const before = get().kept.find((visit) => visit.id === input.id)
  const stored: StoredVisit = {
    id: input.id,
    state: 'waiting',
    owner,
    madeAt: before?.madeAt ?? Date.now(),
    tried: before?.state !== 'sent' && (before?.tried ?? false),
    sentAt: null,
    errors: [],
    sealed: await sealed(input.id, { input, visitor, corrects } satisfies Inside),
  }
  const transaction = (await db()).transaction('visits', 'readwrite', { durability: 'strict' })
  await transaction.store.put(stored)
  await transaction.done
  await changed()
}

export async function remove(id: string) {
  await (await db()).delete('visits', id)
  await changed()
}

/** Notes that these leave the device now: without a clear answer they may be there already. */
export async function trying(ids: string[]) {
  await each(ids, (visit) => ({ ...visit, tried: true }))
  await changed()
}

/** Notes what the server said of them. */
export async function decide(found: Verdict[]) {
  const by = new Map(found.map((verdict) => [verdict.id, verdict]))
  await each([...by.keys()], (visit) => {
    const verdict = by.get(visit.id)
    if (!verdict || visit.state === 'sent') return visit
    return { ...visit, state: verdict.state, errors: verdict.errors, sentAt: verdict.state === 'sent' ? Date.now() : null }
  })
  await changed()
}

async function each(ids: string[], change: (visit: StoredVisit) => StoredVisit) {
  const transaction = (await db()).transaction('visits', 'readwrite', { durability: 'strict' })
  for (const id of ids) {
    const visit = await transaction.store.get(id)
    if (visit) await transaction.store.put(change(visit))
  }
  await transaction.done
}

/** Drops what the server has taken and what it answered, once they are older than the settings allow. */
export async function expire() {
  const oldest = Date.now() - get().config.retentionHours * 3_600_000
  const base = await db()
  for (const visit of await base.getAll('visits')) {
    if (visit.state === 'sent' && (visit.sentAt ?? 0) <= oldest) await base.delete('visits', visit.id)
  }
  for (const name of ['today', 'followUps']) {
    const cached = await base.get('cache', name)
    if (cached && cached.at <= oldest) await base.delete('cache', name)
  }
  const { today, followUps } = get()
  if (today && today.at <= oldest) set({ today: null })
  if (followUps && followUps.at <= oldest) set({ followUps: null })
  await reload()
}
