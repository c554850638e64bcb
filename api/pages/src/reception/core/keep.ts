// The server's answers that are kept on the device, sealed, so that the desk opens without a network.
import { db } from './db'
import { set } from './store'
import type { Cached, Centre, FollowUp, Place, Row } from './types'
import { sealed, unsealed } from './vault'

export async function remember(name: string, value: unknown) {
  await (await db()).put('cache', { at: Date.now(), sealed: await sealed(`cache ${name}`, value) }, name)
}

export async function recall<T>(name: string): Promise<{ at: number; value: T } | null> {
  const kept = await (await db()).get('cache', name)
  if (!kept) return null
  return { at: kept.at, value: await unsealed<T>(`cache ${name}`, kept.sealed) }
}

export const rememberPlaces = async (places: Place[]) => void (await (await db()).put('open', places, 'places'))

/** Lays everything that is kept before the desk. */
export async function keepers() {
  const centres = (await recall<Centre[]>('centres'))?.value ?? []
  const places = ((await (await db()).get('open', 'places')) as Place[] | undefined) ?? []
  const today = (await recall<Cached<Row>>('today'))?.value ?? null
  const followUps = (await recall<Cached<FollowUp>>('followUps'))?.value ?? null
  set({ centres, places, today, followUps })
}
