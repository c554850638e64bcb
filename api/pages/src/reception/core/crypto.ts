// What lies on the device is sealed with AES-GCM under a key that comes from the PIN (PBKDF2-SHA-256). A key kept by the
// browser, even one that cannot be exported, would open everything for whoever opens the browser; the PIN is not there.

/** OWASP's figure for PBKDF2 with SHA-256; about a second on a slow telephone. */
const ROUNDS = 600_000

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>
  data: ArrayBuffer
}

export interface Lock {
  salt: Uint8Array<ArrayBuffer>
  rounds: number
  check: Sealed
}

const bytes = (text: string) => new TextEncoder().encode(text)

async function derive(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
  const raw = await crypto.subtle.importKey('raw', bytes(pin.normalize('NFKC')), 'PBKDF2', false, ['deriveKey'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }
  return crypto.subtle.deriveKey(how, raw, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** `name` is bound to what is sealed: one record cannot be put in another's place. */
export async function seal(key: CryptoKey, name: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const how = { name: 'AES-GCM', iv, additionalData: bytes(name) }
  return { iv, data: await crypto.subtle.encrypt(how, key, bytes(JSON.stringify(value))) }
}

export async function open<T>(key: CryptoKey, name: string, sealed: Sealed): Promise<T> {
  const how = { name: 'AES-GCM', iv: sealed.iv, additionalData: bytes(name) }
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, sealed.data)))
}

export async function newLock(pin: string): Promise<{ key: CryptoKey; lock: Lock }> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const key = await derive(pin, salt, ROUNDS)
  return { key, lock: { salt, rounds: ROUNDS, check: await seal(key, 'lock', 'open') } }
}

/** The key, if the PIN is right. */
export async function unlock(pin: string, lock: Lock): Promise<CryptoKey | null> {
  const key = await derive(pin, lock.salt, lock.rounds)
  return open(key, 'lock', lock.check).then(
    () => key,
    () => null,
  )
}

/** A short one-way name of something. */
export async function digest(text: string): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(text)))
  return [...sum.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
