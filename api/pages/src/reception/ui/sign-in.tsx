// Signing in: at the provider the server names, or with a token.
import { useState } from 'preact/hooks'
import { sentence, t } from '../core/i18n'
import { signIn } from '../core/session'
import { get, useStore } from '../core/store'

export function SignIn({ begun = '' }: { begun?: string }) {
  const { config, online } = useStore()
  const [draft, setDraft] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState(begun)

  async function use(event: Event) {
    event.preventDefault()
    if (!draft.trim()) return setWrong(t('signIn.empty'))
    setBusy(true)
    const trouble = await signIn(draft)
    setBusy(false)
    if (trouble) setWrong(trouble.kind === 'signedOut' ? t('signIn.refused') : sentence(trouble.code))
    else setDraft('')
  }

  async function provider() {
    setBusy(true)
    try {
      const { leave } = await import('../core/oidc')
      await leave()
    } catch {
      setBusy(false)
      setWrong(t('signIn.provider.failed'))
    }
  }

  return (
    <div class="sign-in">
      {!online && <p class="warn">{t('signIn.offline')}</p>}
      {config.client && (
        <>
          <button type="button" class="main wide" disabled={busy} onClick={provider}>
            {t('signIn.provider')}
          </button>
          <p class="or">{t('or')}</p>
        </>
      )}
      <form onSubmit={use}>
        <div class={`field${wrong ? ' wrong' : ''}`}>
          <label for="token">{t('signIn.token')}</label>
          {/* Not type=password: browsers would offer to save it. The style hides the characters. */}
          <input
            id="token"
            class="secret"
            value={draft}
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            aria-invalid={wrong ? true : undefined}
            aria-describedby="token-hint"
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
          <p class="quiet" id="token-hint">
            {t('signIn.token.hint')}
          </p>
        </div>
        {wrong && (
          <p class="error" role="alert">
            {wrong}
          </p>
        )}
        <button type="submit" class={config.client ? 'wide' : 'main wide'} disabled={busy}>
          {busy ? t('signIn.busy') : t('signIn')}
        </button>
      </form>
      {get().stage === 'signIn' && <p class="quiet">{t('signIn.kept')}</p>}
    </div>
  )
}
