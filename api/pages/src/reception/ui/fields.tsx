// Fields with their labels and what is wrong with them. Texts are watched for Zawgyi.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { CODES, type List } from '../core/codes'
import { label, t } from '../core/i18n'
import { fromZawgyi } from '../core/text'

interface Common {
  name: string
  title: string
  value: string
  onChange: (value: string) => void
  error?: string
  hint?: string
}

export function Field({ name, title, error, hint, children }: Omit<Common, 'value' | 'onChange'> & { children: ComponentChildren }) {
  return (
    <div class={`field${error ? ' wrong' : ''}`} data-field={name}>
      <label for={name}>{title}</label>
      {children}
      {hint && (
        <p class="quiet" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

const described = ({ name, error, hint }: { name: string; error?: string; hint?: string }) =>
  [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ') || undefined

/** What Zawgyi is meant to say, offered beside it. */
function Offer({ text, take }: { text: string; take: (converted: string) => void }) {
  const [offer, setOffer] = useState<string | null>(null)
  const [kept, setKept] = useState('')
  useEffect(() => {
    setOffer(null)
    let current = true
    const timer = setTimeout(() => void fromZawgyi(text).then((found) => current && setOffer(found)), 250)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])
  if (!offer || kept === text) return null
  return (
    <div class="offer" role="group" aria-label={t('zawgyi.found')}>
      <p>{t('zawgyi.found')}</p>
      <p lang="my" class="converted">
        {offer}
      </p>
      <button type="button" class="main" onClick={() => take(offer)}>
        {t('zawgyi.convert')}
      </button>
      <button type="button" onClick={() => setKept(text)}>
        {t('zawgyi.keep')}
      </button>
    </div>
  )
}

export function TextField(props: Common & { long?: boolean; placeholder?: string; numeric?: boolean; id?: string }) {
  const { name, value, onChange, error, placeholder, numeric, long } = props
  const common = {
    id: name,
    name,
    value,
    placeholder,
    autoComplete: 'off',
    spellcheck: false,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': described(props),
  }
  return (
    <Field {...props}>
      {long ? (
        <textarea {...common} rows={3} onInput={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <input {...common} inputMode={numeric ? 'numeric' : 'text'} onInput={(event) => onChange(event.currentTarget.value)} />
      )}
      {!numeric && <Offer text={value} take={onChange} />}
    </Field>
  )
}

export function Select(props: Common & { options: [value: string, title: string][]; none?: boolean }) {
  const { name, value, onChange, error, options, none = true } = props
  return (
    <Field {...props}>
      <select id={name} name={name} value={value} aria-invalid={error ? true : undefined} aria-describedby={described(props)} onChange={(event) => onChange(event.currentTarget.value)}>
        {none && <option value="">—</option>}
        {options.map(([one, title]) => (
          <option key={one} value={one} selected={one === value}>
            {title}
          </option>
        ))}
      </select>
    </Field>
  )
}

export const CodeSelect = (props: Common & { list: List }) => (
  <Select {...props} options={CODES[props.list].map((one) => [one, label(props.list, one)])} />
)
