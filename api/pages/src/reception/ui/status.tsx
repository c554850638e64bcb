// What is on this device and not on the server, in one line, always in sight; and why.
import { useEffect, useState } from 'preact/hooks'
import { sentence, t } from '../core/i18n'
import { wake } from '../core/sender'
import { type State, useStore } from '../core/store'

/** One line that is true. */
export function line(state: State): string {
  const { unsent, kept, sending, online, signedIn, stage, viewer } = state
  if (stage === 'locked') return unsent > 0 ? t('status.locked') : ''
  if (unsent === 0) return online ? '' : t('status.offline')
  if (!online) return t('status.offline')
  if (!signedIn) return t('status.signedOut')
  if (sending.state === 'sending') return t('status.sending', { count: sending.ids.length })
  if (sending.state === 'stuck') return sentence(sending.code)
  if (sending.state === 'resting') {
    const seconds = Math.max(1, Math.ceil((sending.until - Date.now()) / 1000))
    return `${sentence(sending.code)} ${t('status.again', { count: seconds })}`
  }
  const waiting = kept.filter((visit) => visit.state === 'waiting')
  if (waiting.length > 0 && waiting.every((visit) => visit.owner !== viewer?.owner)) return t('status.others')
  if (waiting.length === 0) return t('status.refused')
  return ''
}

export function Status() {
  const state = useStore()
  const { unsent, sending, stage, kept } = state
  const [, tick] = useState(0)
  useEffect(() => {
    if (sending.state !== 'resting') return
    const timer = setInterval(() => tick((count) => count + 1), 1000)
    return () => clearInterval(timer)
  }, [sending.state])
  const refused = kept.filter((visit) => visit.state === 'refused').length
  const kind = refused > 0 || sending.state === 'stuck' ? 'bad' : unsent > 0 ? 'some' : 'none'
  const said = line(state)
  return (
    <section id="status" class={`status ${kind}`} aria-label={t('queue')} data-unsent={unsent} data-refused={refused} data-sending={sending.state} data-online={state.online}>
      <p>
        <strong>{unsent === 0 ? t('status.none') : t('status.unsent', { count: unsent })}</strong>
        {said && <span> {said}</span>}
      </p>
      {stage === 'open' && unsent > refused && (
        <button type="button" id="send-now" disabled={sending.state === 'sending'} onClick={wake}>
          {t('sendNow')}
        </button>
      )}
    </section>
  )
}
