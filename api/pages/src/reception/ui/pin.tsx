// The PIN: chosen once on a device, asked for at each return.
import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../core/i18n'
import { choosePin, enterPin } from '../core/session'
import { useStore } from '../core/store'
import { SHORTEST_PIN, wait } from '../core/vault'

function Pin({ id, title, value, change, hint, wrong, first }: { id: string; title: string; value: string; change: (value: string) => void; hint?: string; wrong?: boolean; first?: boolean }) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (first) input.current?.focus()
  }, [])
  return (
    <div class={`field${wrong ? ' wrong' : ''}`}>
      <label for={id}>{title}</label>
      <input ref={input} id={id} class="secret pin" value={value} autoComplete="off" autoCapitalize="off" spellcheck={false} aria-invalid={wrong || undefined} aria-describedby={hint ? `${id}-hint` : undefined} onInput={(event) => change(event.currentTarget.value)} />
      {hint && (
        <p class="quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export function ChoosePin() {
  const [pin, setPin] = useState('')
  const [twice, setTwice] = useState('')
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)

  async function choose(event: Event) {
    event.preventDefault()
    if ([...pin].length < SHORTEST_PIN) return setWrong(t('pin.short', { count: SHORTEST_PIN }))
    if (pin !== twice) return setWrong(t('pin.differs'))
    setBusy(true)
    await choosePin(pin)
  }

  return (
    <form onSubmit={choose}>
      <h2>{t('pin.choose')}</h2>
      <p>{t('pin.why')}</p>
      <Pin id="pin" title={t('pin')} value={pin} change={setPin} hint={t('pin.short', { count: SHORTEST_PIN })} wrong={wrong !== ''} first />
      <Pin id="pin-twice" title={t('pin.again')} value={twice} change={setTwice} wrong={wrong !== ''} />
      {wrong && (
        <p class="error" role="alert">
          {wrong}
        </p>
      )}
      <p class="warn">{t('pin.lost')}</p>
      <button type="submit" class="main wide" disabled={busy}>
        {t('pin.use')}
      </button>
    </form>
  )
}

export function EnterPin({ wipe }: { wipe: () => void }) {
  const { unsent } = useStore()
  const [pin, setPin] = useState('')
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)

  async function enter(event: Event) {
    event.preventDefault()
    const seconds = await wait()
    if (seconds > 0) return setWrong(t('pin.wait', { count: seconds }))
    setBusy(true)
    const right = await enterPin(pin)
    setBusy(false)
    setPin('')
    if (!right) setWrong(t('pin.wrong'))
  }

  return (
    <form onSubmit={enter}>
      <h2>{t('locked')}</h2>
      <p class={unsent > 0 ? 'warn' : 'quiet'}>{unsent > 0 ? t('locked.unsent', { count: unsent }) : t('locked.nothing')}</p>
      <Pin id="pin" title={t('pin')} value={pin} change={setPin} wrong={wrong !== ''} first />
      {wrong && (
        <p class="error" role="alert">
          {wrong}
        </p>
      )}
      <button type="submit" class="main wide" disabled={busy}>
        {busy ? t('pin.busy') : t('unlock')}
      </button>
      <p class="quiet">{t('pin.forgotten')}</p>
      <button type="button" class="plain bad" onClick={wipe}>
        {t('wipe')}
      </button>
    </form>
  )
}
