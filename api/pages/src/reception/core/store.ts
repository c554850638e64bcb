// The one state of the page, and a way to hear of its changes.
import { makeStore } from '../../shared/store'
import type { Cached, Centre, Config, FollowUp, Kept, Place, Row, Viewer } from './types'

/** What the sender is doing. `resting` ends at `until`; `stuck` waits for a person. */
export interface Sending {
  state: 'idle' | 'sending' | 'resting' | 'stuck'
  ids: string[]
  until: number
  code: string
}

export interface State {
  stage: 'starting' | 'signIn' | 'choosePin' | 'locked' | 'open'
  language: string
  config: Config
  online: boolean
  /** A token is there, and the server has not refused it. */
  signedIn: boolean
  viewer: Viewer | null
  /** Visits on this device, oldest first; empty while locked. */
  kept: Kept[]
  /** How many visits are not on the server: known even while locked. */
  unsent: number
  sending: Sending
  centres: Centre[]
  places: Place[]
  today: Cached<Row> | null
  followUps: Cached<FollowUp> | null
  /** Read out by screen readers, and shown for a moment. */
  said: { text: string; good: boolean; count: number }
  /** A newer version of the page waits. */
  newer: ServiceWorker | null
}

export const IDLE: Sending = { state: 'idle', ids: [], until: 0, code: '' }

const initial: State = {
  stage: 'starting',
  language: 'en',
  config: { issuer: null, client: null, scope: 'openid', retentionHours: 12, lockMinutes: 10 },
  online: navigator.onLine,
  signedIn: false,
  viewer: null,
  kept: [],
  unsent: 0,
  sending: IDLE,
  centres: [],
  places: [],
  today: null,
  followUps: null,
  said: { text: '', good: true, count: 0 },
  newer: null,
}

export const { get, set, useStore } = makeStore(initial)

/** Says something to whoever looks or listens. */
export const say = (text: string, good = true) => set({ said: { text, good, count: get().said.count + 1 } })
