// Logging a visit by keyboard alone: Tab goes from group to group, one key chooses, Enter saves.
import { useEffect, useRef, useState } from 'preact/hooks'
import { check, type Draft, fromPerson, fromVisit, newDraft, toInput } from '../core/draft'
import { named, sentence, t } from '../core/i18n'
import { ticketOf } from '../core/ids'
import { put } from '../core/queue'
import { wake } from '../core/sender'
import { get, say, useStore } from '../core/store'
import { today } from '../core/text'
import { Chips } from './chips'
import { Details } from './details'
import { Field, Select, TextField } from './fields'
import { Find } from './find'

const LAST_CENTRE = 'lanpya.reception.centre'

export function VisitForm({ given, done }: { given: Draft | null; done: () => void }) {
  const { centres } = useStore()
  const form = useRef<HTMLFormElement>(null)
  const [draft, setDraft] = useState(() => given ?? newDraft(localStorage.getItem(LAST_CENTRE) ?? ''))
  const [saving, setSaving] = useState(false)

  useEffect(() => {
    if (!given) return
    setDraft(given)
    requestAnimationFrame(() => focusOn(given.errors[0]?.field ?? 'visitorKind'))
  }, [given])
  useEffect(() => focusOn('find'), [])
  // The centre used last, or the only or first one.
  useEffect(() => {
    if (centres.length > 0 && !centres.some((centre) => centre.id === draft.centre)) change({ centre: centres[0].id })
  }, [centres, draft.centre])

  const change = (some: Partial<Draft>) => setDraft((before) => ({ ...before, ...some }))
  const errorOf = (field: string) => {
    const error = draft.errors.find((one) => one.field === field)
    return error && `${sentence(error.code)}${error.message ? ` (${error.message})` : ''}`
  }
  const text = (name: keyof Draft & string) => ({ name, value: draft[name] as string, error: errorOf(name), onChange: (value: string) => change({ [name]: value }) })
  const one = (name: keyof Draft & string) => ({ ...text(name), onChange: (value: string[]) => change({ [name]: value[0] ?? '' }) })
  const many = (name: 'topics' | 'services' | 'signs') => ({ name, value: draft[name], error: errorOf(name), onChange: (value: string[]) => change({ [name]: value }) })

  function focusOn(field: string) {
    const place = form.current?.querySelector(`[data-field="${field}"]`)
    const details = place?.closest('details')
    if (details) details.open = true
    place?.querySelector<HTMLElement>('input, select, textarea, button[tabindex="0"]')?.focus()
  }

  async function save() {
    const { viewer } = get()
    if (saving || !viewer) return
    const input = toInput(draft)
    const errors = check(input)
    if (errors[0]) {
      change({ errors })
      say(t('said.incomplete'), false)
      requestAnimationFrame(() => focusOn(errors[0].field))
      return
    }
    setSaving(true)
    try {
      await put(input, draft.visitor, viewer.owner, draft.corrects)
    } catch {
      say(t('said.notSaved'), false)
      return
    } finally {
      setSaving(false)
    }
    localStorage.setItem(LAST_CENTRE, draft.centre)
    say(t('said.saved', { ticket: input.ticket }))
    setDraft({ ...newDraft(draft.centre), channel: draft.channel })
    form.current?.querySelector('details')?.removeAttribute('open')
    done()
    requestAnimationFrame(() => focusOn('find'))
    wake()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.isComposing) return
    const target = event.target as HTMLElement
    const everywhere = event.ctrlKey || event.metaKey
    const own = target.matches('textarea, summary, .hits button, .offer button, .buttons button') || (target.id === 'find' && draft.visitorKind === '')
    if (own && !everywhere) return
    event.preventDefault()
    void save()
  }

  function clear() {
    setDraft(newDraft(draft.centre))
    done()
    requestAnimationFrame(() => focusOn('find'))
  }

  return (
    <form ref={form} id="visit" aria-labelledby="visit-title" onKeyDown={onKeyDown} onSubmit={(event) => (event.preventDefault(), void save())} noValidate>
      <h2 id="visit-title">{draft.isKept ? t('form.correct', { ticket: draft.ticket }) : t('form')}</h2>
      <div class="columns">
        <Select {...text('centre')} title={t('field.centre')} options={centres.filter((centre) => !draft.corrects || centre.id === draft.centre).map((centre) => [centre.id, named(centre.names)])} none={centres.length === 0} />
        <Field name="visitedOn" title={t('field.visitedOn')} error={errorOf('visitedOn')}>
          <input id="visitedOn" type="date" max={today()} value={draft.visitedOn} onInput={(event) => change({ visitedOn: event.currentTarget.value })} />
        </Field>
      </div>
      {!draft.isKept && <Find round={draft.id} takeVisit={(visit) => take(fromVisit(draft, visit))} takePerson={(person) => take(fromPerson(draft, person))} />}
      {(draft.visitor || draft.isReturning) && (
        <p class="known" role="status">
          {t('form.returning')} <strong>{draft.visitor || draft.ticket}</strong>
          <button type="button" onClick={() => change({ person: '', visitor: '', ticket: '', isReturning: false })}>
            {t('form.somebodyElse')}
          </button>
        </p>
      )}
      <Chips {...one('visitorKind')} legend={t('field.visitorKind')} list="VisitorKind" required />
      <Chips {...one('sex')} legend={t('field.sex')} list="Sex" />
      <div class="columns">
        <TextField {...text('ageYears')} title={t('field.ageYears')} numeric />
        <TextField {...text('ticket')} title={t('field.ticket')} placeholder={ticketOf(draft.id)} hint={t('field.ticket.hint')} />
      </div>
      <Chips {...many('topics')} legend={t('field.topics')} list="VisitTopic" />
      <Chips {...many('services')} legend={t('field.services')} list="VisitService" />
      <Chips {...one('channel')} legend={t('field.channel')} list="VisitChannel" required />
      {draft.channel === 'PHONE' && <Chips {...one('callKind')} legend={t('field.callKind')} list="CallKind" />}
      <label class="check">
        <input type="checkbox" id="needsFollowUp" checked={draft.needsFollowUp} onChange={(event) => change({ needsFollowUp: event.currentTarget.checked })} />
        {t('field.needsFollowUp')}
      </label>
      <TextField {...text('note')} title={t('field.note')} long />
      <Details draft={draft} text={text} many={many} change={change} />
      {errorOf('') && <p class="error">{errorOf('')}</p>}
      {errorOf('id') && <p class="error">{errorOf('id')}</p>}
      <div class="buttons save">
        <button type="submit" id="save" class="main" disabled={saving} aria-keyshortcuts="Enter Control+Enter" onKeyDown={(event) => event.key === 'Enter' && (event.preventDefault(), void save())}>
          {t('save')} <kbd aria-hidden="true">Enter</kbd>
        </button>
        <button type="button" onClick={clear}>
          {draft.isKept ? t('cancel') : t('form.clear')}
        </button>
      </div>
    </form>
  )

  function take(next: Draft) {
    setDraft(next)
    requestAnimationFrame(() => focusOn(next.visitorKind ? 'topics' : 'visitorKind'))
  }
}
