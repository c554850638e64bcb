// Who is signed in. The server decides what a token is good for; the token is read here only to know whose visits are whose.
import { ask, currentToken, setToken, type Trouble } from '../../shared/api'
import { WHO } from '../documents'
import { digest } from './crypto'
import { db } from './db'
import { keepers, remember, recall } from './keep'
import { opened } from './lists'
import { expire, reload } from './queue'
import { set } from './store'
import type { Viewer } from './types'
import * as vault from './vault'

interface Who {
  viewer: { user: { displayName: string } | null; role: string; organisation: { names: { en: string } } | null; permissions: string[] }
}

let pending: Viewer | null = null

async function ownerOf(token: string): Promise<string> {
  const middle = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
  try {
    const { sub, org } = JSON.parse(atob(middle)) as { sub?: string; org?: string }
    return digest(`${org ?? ''} ${sub ?? ''}`)
  } catch {
    return digest(token)
  }
}

/** Tries a token. Then a PIN is chosen, or asked for, or the desk goes on. */
export async function signIn(given: string): Promise<Trouble | null> {
  const before = currentToken()
  setToken(given)
  const answer = await ask<Who>(WHO)
  if (answer.trouble) {
    setToken(before)
    return answer.trouble
  }
  const { user, role, organisation, permissions } = answer.data.viewer
  pending = { owner: await ownerOf(currentToken()), name: user?.displayName ?? '', role, organisation: organisation?.names.en ?? '', permissions }
  if (vault.isOpen()) await begin()
  else set({ stage: (await vault.exists()) ? 'locked' : 'choosePin' })
  return null
}

export async function choosePin(pin: string) {
  await vault.create(pin)
  await begin()
}

export async function enterPin(pin: string): Promise<boolean> {
  if (!(await vault.unlock(pin))) return false
  await begin()
  return true
}

/** The desk opens with what lies on the device; what the server has comes when it comes. */
async function begin() {
  if (pending) {
    await remember('viewer', pending)
    await vault.keepToken()
  }
  const viewer = (await recall<Viewer>('viewer'))?.value ?? null
  pending = null
  set({ viewer, signedIn: currentToken() !== '' })
  await keepers()
  await expire()
  await reload()
  set({ stage: 'open' })
  await opened()
}

/** The server does not take the token any more: the queue stays, and somebody has to sign in again. */
export function signedOut() {
  vault.dropToken()
  set({ signedIn: false })
}

/** Leaves the desk to the next one: the token goes, the queue stays, locked. */
export function signOut() {
  vault.lock()
  signedOut()
}

/** Before anything is shown: is there a lock on this device, or is it new? */
export async function start() {
  await reload()
  set({ stage: (await vault.exists()) ? 'locked' : pending ? 'choosePin' : 'signIn' })
}

export const wipe = async () => {
  await vault.wipe()
  await db() // a new, empty one
  set({ stage: 'signIn', kept: [], unsent: 0, viewer: null, signedIn: false, centres: [], places: [], today: null, followUps: null })
}
