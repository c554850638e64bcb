// A visit the server did not take: what is stored here beside what the server says, or has under that id.
import { useEffect, useState } from 'preact/hooks'
import { LIST_OF } from '../core/codes'
import { type Draft } from '../core/draft'
import { country, label, named, sentence, t } from '../core/i18n'
import { newId, ticketOf } from '../core/ids'
import { there } from '../core/lists'
import { put, remove } from '../core/queue'
import { wake } from '../core/sender'
import { get, useStore } from '../core/store'
import type { Kept } from '../core/types'

/** Under this id the server has something else. */
const TAKEN = new Set(['IDEMPOTENCY_KEY_REUSED', 'DUPLICATE'])
const HIDDEN = new Set(['id', 'recordedOnDeviceAt', 'createdAt'])

/** A value as a person reads it. */
function shown(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return '—'
  if (Array.isArray(value)) return value.map((one) => shown(field, one)).join(', ')
  if (typeof value === 'boolean') return label('Answer', value ? 'YES' : 'NO')
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

export function Refused({ visit }: { visit: Kept; correct: (draft: Draft) => void }) {
  const { online, signedIn, viewer } = useStore()
  const [server, setServer] = useState<Record<string, unknown> | null>(null)
  const conflict = visit.errors.some((error) => TAKEN.has(error.code) && (error.field === 'id' || error.field === ''))

  useEffect(() => {
    if (conflict && online && signedIn) void there(visit.id).then((found) => setServer(found.visit))
  }, [conflict, online, signedIn, visit.id])

  const fields = [...new Set([...Object.keys(visit.input), ...Object.keys(server ?? {}), ...visit.errors.map((error) => error.field)])]
  const input = visit.input as unknown as Record<string, unknown>
  const name = (field: string) => t(`field.${field}` as 'field.note')
  const said = (field: string) => visit.errors.filter((error) => error.field === field)

  async function asNew() {
    const id = newId('visit')
    const made = visit.input.ticket === ticketOf(visit.id)
    await put({ ...visit.input, id, ticket: made ? ticketOf(id) : visit.input.ticket }, visit.visitor, viewer?.owner ?? '')
    await remove(visit.id)
    wake()
  }

  return (
    <div class="refused-why">
      <p class="error">{conflict ? t('refused.conflict') : t('refused')}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('refused.beside')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('refused.field')}</th>
              <th scope="col">{t('refused.here')}</th>
              <th scope="col">{server ? t('refused.there') : t('refused.said')}</th>
            </tr>
          </thead>
          <tbody>
            {fields
              .filter((field) => !HIDDEN.has(field) || said(field).length > 0)
              .map((field) => {
                const here = shown(field, input[field])
                const value = server ? shown(field, server[field]) : ''
                const errors = said(field)
                return (
                  <tr key={field} class={errors.length > 0 || (server && value !== here) ? 'differs' : ''}>
                    <th scope="row">{field === '' || field === 'id' ? t('refused.visit') : name(field)}</th>
                    <td>{field === 'id' ? visit.input.ticket : here}</td>
                    <td>
                      {server && field !== 'id' && value}
                      {errors.map((error) => (
                        <p key={error.code}>
                          {sentence(error.code)} <span lang="en" class="quiet">{error.message}</span>
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
            <button type="button" onClick={() => void asNew()}>
              {t('refused.asNew')}
            </button>
          </>
        ) : (
          <button type="button" onClick={() => void put(visit.input, visit.visitor, visit.owner).then(wake)}>
            {t('refused.again')}
          </button>
        )}
      </div>
    </div>
  )
}
