// Choices by one key: a group is one stop of the Tab key, a letter or digit chooses, arrows move, space chooses too.
import { useRef } from 'preact/hooks'
import { CODES, type List } from '../core/codes'
import { label, t } from '../core/i18n'

// Places of keys, not letters: they are the same on a Burmese or Thai keyboard.
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', 'Q', 'W', 'E', 'R', 'T', 'Y', 'U', 'I', 'O', 'P']
const place = (event: KeyboardEvent) => KEYS.indexOf(/^(?:Digit|Numpad|Key)(.)$/.exec(event.code)?.[1] ?? '')

interface Props {
  name: string
  legend: string
  list: List
  /** One value, or several. */
  value: string | string[]
  onChange: (value: string[]) => void
  required?: boolean
  error?: string
}

export function Chips({ name, legend, list, value, onChange, required, error }: Props) {
  const group = useRef<HTMLDivElement>(null)
  const values = CODES[list]
  const several = Array.isArray(value)
  const chosen = several ? value : value ? [value] : []
  const stop = Math.max(0, values.findIndex((one) => chosen.includes(one)))

  function choose(one: string) {
    const has = chosen.includes(one)
    if (several) onChange(has ? chosen.filter((other) => other !== one) : [...chosen, one])
    else onChange(has && !required ? [] : [one])
  }

  function focus(index: number) {
    const buttons = group.current?.querySelectorAll('button')
    buttons?.[(index + values.length) % values.length]?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const at = [...(group.current?.querySelectorAll('button') ?? [])].indexOf(event.target as HTMLButtonElement)
    if (event.key === 'ArrowRight' || event.key === 'ArrowDown') focus(at + 1)
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') focus(at - 1)
    else {
      const index = place(event)
      const one = values[index]
      if (one === undefined) return
      choose(one)
      focus(index)
    }
    event.preventDefault()
  }

  const describe = error ? `${name}-error` : undefined
  return (
    <fieldset class={`chips${error ? ' wrong' : ''}`} data-field={name}>
      <legend id={`${name}-legend`}>
        {legend}
        {required && <span class="quiet"> · {t('required')}</span>}
      </legend>
      <div
        ref={group}
        class="row"
        role={several ? 'group' : 'radiogroup'}
        aria-labelledby={`${name}-legend`}
        aria-describedby={describe}
        aria-required={several ? undefined : required}
        onKeyDown={onKeyDown}
      >
        {values.map((one, index) => (
          <button
            type="button"
            key={one}
            role={several ? 'checkbox' : 'radio'}
            aria-checked={chosen.includes(one)}
            aria-keyshortcuts={KEYS[index]}
            tabIndex={index === stop ? 0 : -1}
            data-value={one}
            onClick={() => choose(one)}
          >
            <kbd aria-hidden="true">{KEYS[index]}</kbd>
            {label(list, one)}
          </button>
        ))}
      </div>
      {error && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  )
}
