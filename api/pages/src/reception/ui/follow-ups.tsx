// Visitors somebody must get back to, and what came of it.
import { v7 } from 'uuid'
import { useState } from 'preact/hooks'
import { clock, dayText, sentence, t } from '../core/i18n'
import { complete } from '../core/lists'
import { say, useStore } from '../core/store'
import { tidy } from '../core/text'
import type { FollowUp } from '../core/types'
import { TextField } from './fields'

export function FollowUps() {
  const { followUps } = useStore()
  const [open, setOpen] = useState('')
  const rows = followUps?.rows ?? []
  return (
    <section class="panel" id="follow-ups" aria-labelledby="follow-ups-title">
      <h2 id="follow-ups-title">
        {t('followUps')} <span class="count">{followUps ? rows.length : '–'}</span>
      </h2>
      <p class="quiet">{followUps ? t('asOf', { time: clock(followUps.at) }) : t('today.unknown')}</p>
      <div class="tall" tabIndex={0} role="group" aria-labelledby="follow-ups-title">
        <ul class="list">
          {rows.map((row) => (
            <li key={row.id}>
              <p>
                <strong>{row.visit?.person?.fullName || row.visit?.ticket}</strong>{' '}
                <span class={`badge ${row.isOverdue ? 'refused' : 'waiting'}`}>{row.isOverdue ? t('followUps.overdue') : t('followUps.due')}</span>
              </p>
              <p class="quiet">{dayText(row.neededBy)}</p>
              {row.purpose && <p>{row.purpose}</p>}
              {open === row.id ? (
                <Outcome row={row} close={() => setOpen('')} />
              ) : (
                <div class="buttons">
                  <button type="button" onClick={() => setOpen(row.id)}>
                    {t('followUps.done')}
                  </button>
                </div>
              )}
            </li>
          ))}
        </ul>
      </div>
      {followUps && rows.length === 0 && <p class="quiet">{t('followUps.none')}</p>}
    </section>
  )
}

function Outcome({ row, close }: { row: FollowUp; close: () => void }) {
  const { online, signedIn } = useStore()
  const [key] = useState(() => v7()) // one key for one act, however often it is tried
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)

  async function save(event: Event) {
    event.preventDefault()
    const outcome = tidy(text)
    if (!outcome) return setWrong(sentence('FIELD_REQUIRED'))
    setBusy(true)
    const code = await complete(row, key, outcome)
    setBusy(false)
    if (code) return setWrong(sentence(code))
    say(t('followUps.saved'))
    close()
  }

  return (
    <form onSubmit={save}>
      <TextField name={`outcome-${row.id}`} title={t('followUps.outcome')} value={text} onChange={setText} error={wrong} long />
      {!(online && signedIn) && <p class="warn">{t('followUps.offline')}</p>}
      <div class="buttons">
        <button type="submit" class="main" disabled={busy || !online || !signedIn}>
          {t('followUps.save')}
        </button>
        <button type="button" onClick={close}>
          {t('cancel')}
        </button>
      </div>
    </form>
  )
}
