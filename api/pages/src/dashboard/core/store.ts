// The one state of the dashboard.
import { makeStore } from '../../shared/store'
import { readView, type View } from './view'

export interface Names {
  en: string
  my: string | null
  th: string | null
}

export interface Centre {
  code: string
  names: Names
}

export interface Config {
  issuer: string | null
  client: string | null
  scope: string
}

export interface State {
  stage: 'starting' | 'signIn' | 'open'
  language: string
  config: Config
  viewer: { name: string; role: string; organisation: Names | null } | null
  centres: Centre[]
  /** Codes and labels of the channels. */
  channels: { code: string; label: string }[]
  view: View
  /** Rises when everything is to be asked for again. */
  round: number
  /** Why somebody has to sign in again. */
  ended: boolean
}

const initial: State = {
  stage: 'starting',
  language: 'en',
  config: { issuer: null, client: null, scope: 'openid' },
  viewer: null,
  centres: [],
  channels: [],
  view: readView(location.search),
  round: 0,
  ended: false,
}

export const { get, set, useStore } = makeStore(initial)
