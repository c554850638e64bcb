// Sends the queue: when something is added, when the network comes back, when the page is looked at, and by a button.
// Sending twice is safe, for each visit has its id; so nothing is dropped before the server has named it as there.
import { ask, hasToken, type Trouble } from '../../shared/api'
import { CHANGE, SEND } from '../documents'
import { changes } from './correction'
import { digest } from './crypto'
import { batch, culprit, fieldOf, type Result, type Verdict, verdicts } from './outcome'
import { t } from './i18n'
import { decide, trying } from './queue'
import { signedOut } from './session'
import { get, IDLE, say, set } from './store'
import type { Kept } from './types'
import { isOpen } from './vault'

const MOST = 20
const LONGEST_REST = 120

interface Sent {
  visitsRecord: { results: Result[]; userErrors: { code: string; message: string; field: string | null }[] }
}

interface Corrected {
  visitChange: { userErrors: { code: string; message: string; field: string | null }[] }
}

let running = false
let again = false
let most = MOST // smaller after a failure: over a thin link a small batch comes through
let failures = 0
let timer = 0

/** What waits and is this user's: another's visits are sent when that person signs in. */
const mine = () => get().kept.filter((visit) => visit.state === 'waiting' && visit.owner === get().viewer?.owner)

export async function send() {
  if (running) {
    again = true
    return
  }
  running = true
  clearTimeout(timer)
  try {
    // One tab at a time; where another sends, it tells this one what came of it.
    await navigator.locks.request('lanpya-send', { ifAvailable: true }, async (lock) => {
      if (lock) await run()
    })
  } finally {
    running = false
  }
  if (again) {
    again = false
    if (get().sending.state === 'idle') void send()
  }
}

async function run() {
  while (isOpen() && hasToken() && navigator.onLine) {
    const now = batch(mine().filter((visit) => !visit.corrects), most)
    if (now.length === 0) {
      const correction = mine().find((visit) => visit.corrects)
      if (!correction) break
      if (!(await correct(correction))) return
      continue
    }
    const ids = now.map((visit) => visit.id)
    set({ sending: { state: 'sending', ids, until: 0, code: '' } })
    await trying(ids)
    const input = { visits: now.map((visit) => visit.input), sentAt: new Date().toISOString() }
    const answer = await ask<Sent>(SEND, { input })
    if (answer.trouble) {
      const one = culprit(ids, answer.trouble)
      if (!one) return rest(answer.trouble)
      await decide([one])
      tell([one])
      continue
    }
    const { results, userErrors } = answer.data.visitsRecord
    const wrong = userErrors[0]
    if (wrong) return rest({ ...wrong, kind: 'refused', field: wrong.field ?? '', retryAfter: 0 })
    const found = verdicts(ids, results)
    await decide(found)
    tell(found)
    failures = 0
    most = Math.min(MOST, most * 2)
    if (found.some((one) => one.state === 'waiting')) return rest({ kind: 'later', code: 'UNAVAILABLE', message: '', field: '', retryAfter: 0 })
  }
  set({ sending: IDLE })
}

/** Sends one correction. Sent twice it is once, by its key; whether to go on. */
async function correct({ id, input, corrects }: Kept): Promise<boolean> {
  if (!corrects) return false
  set({ sending: { state: 'sending', ids: [id], until: 0, code: '' } })
  await trying([id])
  const changed = changes(input, corrects)
  const idempotencyKey = `${id} ${corrects.expectedVersion} ${await digest(JSON.stringify(changed))}`
  const answer = await ask<Corrected>(CHANGE, { input: { idempotencyKey, ...changed } })
  if (answer.trouble && answer.trouble.kind !== 'refused') {
    rest(answer.trouble)
    return false
  }
  const { code, message, field } = answer.trouble ?? { code: '', message: '', field: '' }
  const errors = answer.data?.visitChange.userErrors ?? [{ code, message, field }]
  const found: Verdict = { id, state: errors.length > 0 ? 'refused' : 'sent', errors: errors.map((error) => ({ ...error, field: fieldOf(error.field) })) }
  await decide([found])
  tell([found])
  failures = 0
  return true
}

/** Says what the server said. */
function tell(found: Verdict[]) {
  const sent = found.filter((one) => one.state === 'sent').length
  const refused = found.filter((one) => one.state === 'refused').length
  const parts = [sent > 0 && t('said.sent', { count: sent }), refused > 0 && t('said.refused', { count: refused })]
  if (sent + refused > 0) say(parts.filter(Boolean).join(' '), refused === 0)
}

function rest(trouble: Trouble) {
  most = Math.max(1, Math.floor(most / 2))
  if (trouble.kind === 'signedOut') {
    set({ sending: IDLE })
    signedOut()
    return
  }
  if (trouble.kind === 'refused' && most === 1) {
    // Not a visit's fault and no matter of time: it says why and waits for a person.
    set({ sending: { state: 'stuck', ids: [], until: 0, code: trouble.code } })
    return
  }
  failures += 1
  const seconds = trouble.retryAfter || Math.min(LONGEST_REST, 2 ** failures) * (0.75 + Math.random() / 2)
  set({ sending: { state: 'resting', ids: [], until: Date.now() + seconds * 1000, code: trouble.code } })
  timer = window.setTimeout(() => void send(), seconds * 1000)
}

/** A reason to try at once: the network is back, somebody looks, somebody asks. */
export function wake() {
  failures = 0
  set({ online: navigator.onLine })
  if (get().stage === 'open') void send()
}
