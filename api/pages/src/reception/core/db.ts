// What lies on the device. Nothing here is readable without the PIN but states, times and the names of places.
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'
import type { Lock, Sealed } from './crypto'
import type { FieldError, QueueState } from './types'

export interface StoredVisit {
  id: string
  state: QueueState
  owner: string
  madeAt: number
  tried: boolean
  sentAt: number | null
  errors: FieldError[]
  sealed: Sealed
}

interface Shape extends DBSchema {
  lock: { key: 'lock'; value: Lock & { wrong: number; wrongAt: number } }
  visits: { key: string; value: StoredVisit }
  /** The server's answers, sealed. */
  cache: { key: string; value: { at: number; sealed: Sealed } }
  /** Names of places, as anybody may read them. */
  open: { key: string; value: unknown }
}

const NAME = 'lanpya-reception'
let opened: Promise<IDBPDatabase<Shape>> | null = null

export function db(): Promise<IDBPDatabase<Shape>> {
  opened ??= openDB<Shape>(NAME, 1, {
    upgrade(base) {
      base.createObjectStore('lock')
      base.createObjectStore('visits', { keyPath: 'id' })
      base.createObjectStore('cache')
      base.createObjectStore('open')
    },
    // Another tab wipes: let go.
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      opened = null
    },
    terminated() {
      opened = null
    },
  })
  return opened
}

/** Takes everything off the device. */
export async function destroy() {
  const base = await db()
  base.close()
  opened = null
  await deleteDB(NAME)
}
