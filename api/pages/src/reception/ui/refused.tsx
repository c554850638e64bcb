// A visit the server did not take: what is stored here beside what the server says, or has under that id.
import { useEffect, useState } from 'preact/hooks'
import { LIST_OF, QUESTIONS } from '../core/codes'
import { country, label, named, sentence, t } from '../core/i18n'
import { newId, ticketOf } from '../core/ids'
import { there } from '../core/lists'
import { put, remove } from '../core/queue'
import { wake } from '../core/sender'
import { get, useStore } from '../core/store'
import type { FieldError, Kept, WashingtonGroup } from '../core/types'
import { Dialog } from './dialog'

/** Under this id the server has something else. */
const TAKEN = new Set(['IDEMPOTENCY_KEY_REUSED', 'DUPLICATE'])
/** Somebody else changed what this corrects. */
const stale = (visit: Kept) => visit.errors.some((error) => error.code === 'VERSION_CONFLICT')
const HIDDEN = new Set(['id', 'recordedOnDeviceAt', 'createdAt', 'rowVersion', 'expectedVersion'])

const NOTHING = '—'
const name = (field: string) => t(`field.${field}` as 'field.note')

/** A value as a person reads it. */
function shown(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '' || value === 'NOT_ASKED' || (Array.isArray(value) && value.length === 0)) return NOTHING
  if (Array.isArray(value)) return value.map((one) => shown(field, one)).join(', ')
  if (typeof value === 'boolean') return label('Answer', value ? 'YES' : 'NO')
  if (field === 'washingtonGroup') {
    const answers = value as WashingtonGroup
    const told = QUESTIONS.flatMap((question) => (answers[question] ? [`${name(question)}: ${label('Difficulty', answers[question])}`] : []))
    return told.join(', ') || NOTHING
  }
  if (typeof value === 'object') {
    const inner = value as Record<string, unknown>
    return shown(field, inner.fullName ?? inner.pcode ?? inner.id)
  }
  const text = String(value)
  if (LIST_OF[field]) return label(LIST_OF[field], text)
  if (field === 'destination') return country(text)
  if (field === 'centre') return nameOf(text)
  return text
}

const nameOf = (id: string) => {
  const centre = get().centres.find((one) => one.id === id)
  return centre ? named(centre.names) : id
}

/** What the API's own words add to the sentence. */
const added = (error: FieldError) => (error.message && error.message !== sentence(error.code) ? error.message : '')

export function Refused({ visit, correct }: { visit: Kept; correct: () => void }) {
  const [open, setOpen] = useState(false)
  const conflict = stale(visit) || visit.errors.some((error) => TAKEN.has(error.code) && (error.field === 'id' || error.field === ''))
  return (
    <div class="refused-why">
      <p class="error">{stale(visit) ? t('refused.changed') : conflict ? t('refused.conflict') : t('refused')}</p>
      {!conflict && (
        <ul>
          {visit.errors.map((error) => (
            <li key={error.field + error.code}>
              {error.field && error.field !== 'id' && <strong>{name(error.field)}: </strong>}
              {sentence(error.code)}
            </li>
          ))}
        </ul>
      )}
      <div class="buttons">
        <button type="button" class="beside" onClick={() => setOpen(true)}>
          {t('refused.beside')}
        </button>
      </div>
      {open && <Beside visit={visit} conflict={conflict} correct={correct} close={() => setOpen(false)} />}
    </div>
  )
}

function Beside({ visit, conflict, correct, close }: { visit: Kept; conflict: boolean; correct: () => void; close: () => void }) {
  const { online, signedIn, viewer } = useStore()
  const [server, setServer] = useState<Record<string, unknown> | null>(null)

  useEffect(() => {
    if (conflict && online && signedIn) void there(visit.id).then((found) => setServer(found.visit))
  }, [conflict, online, signedIn, visit.id])

  const input = visit.input as unknown as Record<string, unknown>
  const said = (field: string) => visit.errors.filter((error) => error.field === field && !HIDDEN.has(field))
  const fields = [...new Set([...visit.errors.map((error) => error.field), ...Object.keys(input), ...Object.keys(server ?? {})])].filter(
    (field) => said(field).length > 0 || (!HIDDEN.has(field) && (shown(field, input[field]) !== NOTHING || shown(field, server?.[field]) !== NOTHING)),
  )

  async function asNew() {
    const id = newId('visit')
    const made = visit.input.ticket === ticketOf(visit.id)
    await put({ ...visit.input, id, ticket: made ? ticketOf(id) : visit.input.ticket }, visit.visitor, viewer?.owner ?? '')
    await remove(visit.id)
    wake()
  }

  /** What was meant here, on top of what the server has now. */
  async function ontoTheirs() {
    const { corrects } = visit
    if (!corrects || !server) return
    await put(visit.input, visit.visitor, visit.owner, { ...corrects, expectedVersion: Number(server.rowVersion) })
    wake()
  }

  return (
    <Dialog title={t('refused.beside')} close={close} wide>
      <div class="scroll" tabIndex={0} role="group" aria-label={t('refused.beside')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('refused.field')}</th>
              <th scope="col">{t('refused.here')}</th>
              <th scope="col">{server ? t('refused.there') : t('refused.said')}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => {
              const here = shown(field, input[field])
              const value = server ? shown(field, server[field]) : ''
              const errors = said(field)
              const isWhole = field === '' || field === 'id'
              return (
                <tr key={field} class={errors.length > 0 || (server && value !== here) ? 'differs' : ''}>
                  <th scope="row">{isWhole ? t('refused.visit') : name(field)}</th>
                  <td>{isWhole ? visit.input.ticket : here}</td>
                  <td>
                    {server && !isWhole && value}
                    {errors.map((error) => (
                      <p key={error.code}>
                        {sentence(error.code)} <span lang="en">{added(error)}</span>
                      </p>
                    ))}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <div class="buttons">
        {conflict ? (
          <>
            <button type="button" disabled={!server} onClick={() => void remove(visit.id)}>
              {t('refused.keepTheirs')}
            </button>
            {visit.corrects ? (
              <button type="button" disabled={!server} onClick={() => void ontoTheirs()}>
                {t('refused.ontoTheirs')}
              </button>
            ) : (
              <button type="button" onClick={() => void asNew()}>
                {t('refused.asNew')}
              </button>
            )}
          </>
        ) : (
          <>
            <button type="button" class="main" onClick={() => (close(), correct())}>
              {t('queue.correct')}
            </button>
            <button type="button" onClick={() => void put(visit.input, visit.visitor, visit.owner, visit.corrects).then(wake)}>
              {t('refused.again')}
            </button>
          </>
        )}
        <button type="button" onClick={close}>
          {t('close')}
        </button>
      </div>
    </Dialog>
  )
}
