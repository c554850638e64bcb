// Each visit that is on this device and not on the server, and what can be done about it.
import { useState } from 'preact/hooks'
import { type Draft, fromKept } from '../core/draft'
import { clock, label, t } from '../core/i18n'
import { remove } from '../core/queue'
import { useStore } from '../core/store'
import type { Kept } from '../core/types'
import { Dialog } from './dialog'
import { Refused } from './refused'

export function Queue({ correct }: { correct: (draft: Draft) => void }) {
  const { kept, sending, viewer } = useStore()
  const [asked, setAsked] = useState<Kept | null>(null)
  const unsent = kept.filter((visit) => visit.state !== 'sent')
  return (
    <section class="panel" id="queue" aria-labelledby="queue-title">
      <h2 id="queue-title">
        {t('queue')} <span class="count">{unsent.length}</span>
      </h2>
      <p class="quiet">{unsent.length === 0 ? t('queue.none') : t('queue.keeps')}</p>
      <ul class="list">
        {unsent.map((visit) => {
          const leaving = sending.ids.includes(visit.id)
          const others = visit.owner !== viewer?.owner
          const state = visit.state === 'refused' ? 'refused' : leaving ? 'sending' : others ? 'others' : visit.tried ? 'tried' : 'waiting'
          return (
            <li key={visit.id} class={state} data-id={visit.id} data-state={state}>
              <p>
                <strong>{visit.visitor || visit.input.ticket}</strong> {visit.corrects && <span class="badge">{t('queue.correction')}</span>} <span class={`badge ${state}`}>{t(`state.${state}`)}</span>
              </p>
              <p class="quiet">{[label('VisitorKind', visit.input.visitorKind), clock(visit.madeAt)].join(' · ')}</p>
              {visit.state === 'refused' && <Refused visit={visit} correct={() => correct(fromKept(visit))} />}
              {!leaving && !others && (
                <div class="buttons">
                  {(visit.state === 'refused' || !visit.tried) && (
                    <button type="button" onClick={() => correct(fromKept(visit))}>
                      {t('queue.correct')}
                    </button>
                  )}
                  <button type="button" class="bad" onClick={() => setAsked(visit)}>
                    {t('queue.discard')}
                  </button>
                </div>
              )}
            </li>
          )
        })}
      </ul>
      {asked && (
        <Dialog title={t('discard.title', { ticket: asked.input.ticket })} close={() => setAsked(null)}>
          <p>{asked.corrects ? t('discard.correction') : asked.tried && asked.state === 'waiting' ? t('discard.maybe') : t('discard.what')}</p>
          <div class="buttons">
            <button type="button" class="danger" onClick={() => void remove(asked.id).then(() => setAsked(null))}>
              {t('queue.discard')}
            </button>
            <button type="button" onClick={() => setAsked(null)}>
              {t('cancel')}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  )
}
