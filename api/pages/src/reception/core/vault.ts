// Locked or open: with the key in memory what lies on the device can be read, without it only counted.
import { currentToken, setToken } from '../../shared/api'
import { newLock, open, type Sealed, seal, unlock as tryPin } from './crypto'
import { db, destroy } from './db'
import { get, IDLE, set } from './store'

export const SHORTEST_PIN = 6
const TOKEN = 'lanpya.reception.token'

let key: CryptoKey | null = null

export const isOpen = () => key !== null

export function sealed(name: string, value: unknown): Promise<Sealed> {
  if (!key) throw new Error('locked')
  return seal(key, name, value)
}

export function unsealed<T>(name: string, value: Sealed): Promise<T> {
  if (!key) throw new Error('locked')
  return open<T>(key, name, value)
}

export const exists = async () => (await (await db()).get('lock', 'lock')) !== undefined

export async function create(pin: string) {
  const made = await newLock(pin)
  await (await db()).put('lock', { ...made.lock, wrong: 0, wrongAt: 0 }, 'lock')
  key = made.key
  await keepToken()
}

/** Seconds to wait before the next try: none for the first wrong PINs, then more and more. */
export async function wait(): Promise<number> {
  const lock = await (await db()).get('lock', 'lock')
  if (!lock || lock.wrong < 4) return 0
  const seconds = Math.min(2 ** (lock.wrong - 2), 300)
  return Math.max(0, Math.ceil((lock.wrongAt + seconds * 1000 - Date.now()) / 1000))
}

export async function unlock(pin: string): Promise<boolean> {
  const base = await db()
  const lock = await base.get('lock', 'lock')
  if (!lock || (await wait()) > 0) return false
  const found = await tryPin(pin, lock)
  await base.put('lock', { ...lock, wrong: found ? 0 : lock.wrong + 1, wrongAt: Date.now() }, 'lock')
  if (!found) return false
  key = found
  if (currentToken()) await keepToken()
  else await findToken()
  return true
}

/** Forgets the key and everything read with it. The token stays in this tab, sealed. */
export function lock() {
  key = null
  setToken('')
  set({ stage: 'locked', kept: [], viewer: null, centres: [], today: null, followUps: null, signedIn: false, sending: IDLE, said: { ...get().said, text: '' } })
}

/** Seals the token into this tab's session: it survives a reload, opens only with the PIN, and goes with the tab. */
export async function keepToken() {
  const { iv, data } = await sealed('token', currentToken())
  const text = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
  sessionStorage.setItem(TOKEN, `${text(iv)} ${text(new Uint8Array(data))}`)
}

async function findToken() {
  const kept = sessionStorage.getItem(TOKEN)
  if (!kept) return
  const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const [iv, data] = kept.split(' ').map(bytes)
  try {
    setToken(await unsealed<string>('token', { iv, data: data.buffer }))
  } catch {
    dropToken() // of an earlier lock
  }
}

export function dropToken() {
  setToken('')
  sessionStorage.removeItem(TOKEN)
}

/** Takes everything off the device: visits, answers, token. */
export async function wipe() {
  key = null
  dropToken()
  sessionStorage.clear()
  localStorage.clear()
  await destroy()
}
