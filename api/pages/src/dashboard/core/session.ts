// Who is signed in: a token in the session storage of this window, and what the server says of its owner.
import { ask, hasToken, setToken, type Trouble } from '../../shared/api'
import { WHO } from '../documents'
import { fetchLabels } from './i18n'
import { type Centre, get, type Names, set } from './store'
import { readView, type View, writeView } from './view'

const TOKEN = 'lanpya.dashboard.token'
const VIEW = 'lanpya.dashboard.view'
export const PATH = '/dashboard'

interface Who {
  viewer: { user: { displayName: string } | null; role: string; organisation: { names: Names } | null }
  resourceCentres: { nodes: Centre[] }
}

/** Tries a token; what is wrong with it, or null. */
export async function signIn(token: string): Promise<Trouble | null> {
  setToken(token)
  const { data, trouble } = await ask<Who>(WHO)
  if (trouble) {
    setToken('')
    return trouble
  }
  sessionStorage.setItem(TOKEN, token)
  await fetchLabels()
  const { user, role, organisation } = data.viewer
  const viewer = { name: user?.displayName ?? '', role, organisation: organisation?.names ?? null }
  set({ stage: 'open', viewer, centres: data.resourceCentres.nodes, ended: false })
  return null
}

export function signOut(ended = false) {
  sessionStorage.removeItem(TOKEN)
  setToken('')
  set({ stage: 'signIn', viewer: null, centres: [], ended })
}

/** The token of this window, if there is one. Without an answer one signs in again. */
export async function resume(): Promise<Trouble | null> {
  const kept = sessionStorage.getItem(TOKEN)
  if (!kept) {
    set({ stage: 'signIn' })
    return null
  }
  const trouble = await signIn(kept)
  if (trouble) {
    if (trouble.kind === 'signedOut') sessionStorage.removeItem(TOKEN)
    set({ stage: 'signIn', ended: trouble.kind === 'signedOut' })
  }
  return trouble
}

/** A panel was refused because of the token. */
export const lost = () => void (hasToken() && signOut(true))

/** Looks at something else: a new address, so that “back” goes back. */
export function look(change: Partial<View>) {
  const view = { ...get().view, ...change }
  history.pushState(null, '', PATH + writeView(view))
  arrive(view)
}

/** The address changed, or was set. */
function arrive(view: View) {
  sessionStorage.setItem(VIEW, writeView(view))
  set({ view })
}

export function watchAddress() {
  window.addEventListener('popstate', () => arrive(readView(location.search)))
}

/** The provider sends people back to the bare address: what they looked at is put back. */
export function restoreView() {
  const search = sessionStorage.getItem(VIEW) ?? ''
  history.replaceState(null, '', PATH + search)
  set({ view: readView(search) })
}

export const keepView = () => sessionStorage.setItem(VIEW, writeView(get().view))
