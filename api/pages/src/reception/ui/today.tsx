// Today's visits: what the server has, and what is still only here.
import { clock, label, sentence, t } from '../core/i18n'
import { type Draft, fromThere } from '../core/draft'
import { refresh, there } from '../core/lists'
import { say, useStore } from '../core/store'
import { today as day } from '../core/text'

interface Line {
  id: string
  who: string
  at: number
  kind: string
  state: 'waiting' | 'refused' | 'sent'
}

export function Today({ correct }: { correct: (draft: Draft) => void }) {
  const { kept, today, signedIn, online, viewer } = useStore()
  const known = new Set(today?.rows.map((row) => row.id))
  const rows: Line[] = [
    ...kept
      .filter((visit) => visit.input.visitedOn === day() && !known.has(visit.id))
      .map((visit) => ({ id: visit.id, who: visit.visitor || visit.input.ticket || '', at: visit.madeAt, kind: visit.input.visitorKind, state: visit.state })),
    ...(today?.rows ?? [])
      .filter((row) => row.visitedOn === day())
      .map((row) => ({ id: row.id, who: row.person?.fullName || row.ticket, at: Date.parse(row.createdAt), kind: row.visitorKind ?? '', state: 'sent' as const })),
  ].sort((one, other) => other.at - one.at)

  async function take(id: string) {
    const { visit } = await there(id)
    if (visit) correct(fromThere(visit))
  }

  async function again() {
    const trouble = await refresh()
    if (trouble) say(sentence(trouble.code), false)
  }

  return (
    <section class="panel" id="today" aria-labelledby="today-title">
      <h2 id="today-title">
        {t('today')} <span class="count">{rows.length}</span>
      </h2>
      <p class="quiet">{today ? t('asOf', { time: clock(today.at) }) : t('today.unknown')}</p>
      <div class="tall" tabIndex={0} role="group" aria-labelledby="today-title">
        <ul class="list">
          {rows.map((row) => (
            <li key={row.id} data-id={row.id}>
              <p>
                <strong>{row.who}</strong> <span class={`badge ${row.state}`}>{t(`state.${row.state}`)}</span>
              </p>
              {row.state === 'sent' && viewer?.permissions.includes('VISIT_CHANGE') && (
                <div class="buttons">
                  <button type="button" class="correct" disabled={!online || !signedIn} onClick={() => void take(row.id)}>
                    {t('queue.correct')}
                  </button>
                </div>
              )}
              <p class="quiet">{[row.kind && label('VisitorKind', row.kind), clock(row.at)].filter(Boolean).join(' · ')}</p>
            </li>
          ))}
        </ul>
      </div>
      {rows.length === 0 && <p class="quiet">{t('today.none')}</p>}
      <div class="buttons">
        <button type="button" disabled={!online || !signedIn} onClick={() => void again()}>
          {t('refresh')}
        </button>
      </div>
    </section>
  )
}
