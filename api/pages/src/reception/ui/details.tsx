// What is asked less often.
import { useEffect, useState } from 'preact/hooks'
import { DESTINATIONS, QUESTIONS } from '../core/codes'
import { type Draft, disabilityOf } from '../core/draft'
import { country, label, named, t } from '../core/i18n'
import { useStore } from '../core/store'
import { tidy } from '../core/text'
import { Chips } from './chips'
import { CodeSelect, Field, Select, TextField } from './fields'

interface Text {
  name: string
  value: string
  error?: string
  onChange: (value: string) => void
}

interface Props {
  draft: Draft
  text: (name: keyof Draft & string) => Text
  many: (name: 'topics' | 'services' | 'signs') => { name: string; value: string[]; error?: string; onChange: (value: string[]) => void }
  change: (some: Partial<Draft>) => void
}

export function Details({ draft, text, many, change }: Props) {
  const disability = disabilityOf(draft.washingtonGroup)
  return (
    <details>
      <summary>{t('form.more')}</summary>
      <Township {...text('homeTownship')} title={t('field.homeTownship')} />
      {draft.ageYears.trim() === '' && <CodeSelect {...text('ageGroup')} title={t('field.ageGroup')} list="AgeGroup" />}
      <div class="columns">
        <Select {...text('destination')} title={t('field.destination')} options={DESTINATIONS.map((code) => [code, country(code)])} />
        <CodeSelect {...text('sector')} title={t('field.sector')} list="IsicSection" />
        <CodeSelect {...text('heardThrough')} title={t('field.heardThrough')} list="HeardThrough" />
        <CodeSelect {...text('displacement')} title={t('field.displacement')} list="DisplacementStatus" />
        <TextField {...text('minutes')} title={t('field.minutes')} numeric />
        <TextField {...text('satisfaction')} title={t('field.satisfaction')} numeric />
        <TextField {...text('documentsGiven')} title={t('field.documentsGiven')} hint={t('field.documentsGiven.hint')} />
      </div>
      <fieldset class="questions" data-field="washingtonGroup">
        <legend>{t('field.washingtonGroup')}</legend>
        <div class="columns">
          {QUESTIONS.map((question) => (
            <CodeSelect
              key={question}
              name={question}
              title={t(`field.${question}`)}
              list="Difficulty"
              value={draft.washingtonGroup[question] ?? ''}
              onChange={(value) => change({ washingtonGroup: { ...draft.washingtonGroup, [question]: value } })}
            />
          ))}
        </div>
        {disability ? (
          <p class="told" data-field="disability" role="status">
            {t('field.disability')}: <strong>{label('Answer', disability)}</strong>
          </p>
        ) : (
          <CodeSelect {...text('disability')} title={t('field.disability')} list="Answer" />
        )}
      </fieldset>
      <Chips {...many('signs')} legend={t('field.signs')} list="ForcedLabourSign" />
      <p class="quiet">{t('field.signs.hint')}</p>
      <label class="check">
        <input type="checkbox" id="isReturning" checked={draft.isReturning} onChange={(event) => change({ isReturning: event.currentTarget.checked })} />
        {t('field.isReturning')}
      </label>
    </details>
  )
}

/** A township by the beginning of its name; the browser's own list offers it. */
function Township({ name, value, title, error, onChange }: Text & { title: string }) {
  const { places } = useStore()
  const [text, setText] = useState('')
  const shown = (pcode: string) => {
    const place = places.find((one) => one.pcode === pcode)
    return place ? `${named(place.names)} (${pcode})` : pcode
  }
  const pcodeIn = (typed: string) => /\(([A-Z0-9]+)\)\s*$/.exec(typed)?.[1] ?? tidy(typed).toUpperCase()
  // Another draft: another text.
  useEffect(() => {
    if (pcodeIn(text) !== value) setText(value && shown(value))
  }, [value])
  return (
    <Field name={name} title={title} error={error} hint={places.length === 0 ? t('field.homeTownship.none') : undefined}>
      <input
        id={name}
        list="places"
        value={text}
        autoComplete="off"
        aria-describedby={places.length === 0 ? `${name}-hint` : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value)
          onChange(pcodeIn(event.currentTarget.value))
        }}
      />
      <datalist id="places">
        {places.map((place) => (
          <option key={place.pcode} value={shown(place.pcode)} label={[place.names.en, place.names.my, place.names.th].filter(Boolean).join(' · ')} />
        ))}
      </datalist>
    </Field>
  )
}
