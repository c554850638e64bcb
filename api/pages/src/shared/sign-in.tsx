// Signing in: at the provider the server names, or with a token.
import { useState } from 'preact/hooks'
import type { Client } from './oidc'
import type { SharedWords } from './strings/en'

interface Properties {
  t: (key: keyof SharedWords) => string
  client: Client
  /** Tries a token; says what is wrong with it, or nothing. */
  use: (token: string) => Promise<string>
  /** What a sign-in at the provider has come to. */
  begun: string
  warning?: string
  /** Not again, in the middle of work. */
  first?: boolean
}

export function SignIn({ t, client, use: given, begun, warning = '', first = true }: Properties) {
  const [draft, setDraft] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState(begun)

  async function use(event: Event) {
    event.preventDefault()
    if (!draft.trim()) return setWrong(t('signIn.empty'))
    setBusy(true)
    const refused = await given(draft.trim().replace(/^(authorization:\s*)?bearer\s+/i, ''))
    setBusy(false)
    setWrong(refused)
    if (!refused) setDraft('')
  }

  async function provider() {
    setBusy(true)
    try {
      const { leave } = await import('./oidc')
      await leave(client)
    } catch {
      setBusy(false)
      setWrong(t('signIn.provider.failed'))
    }
  }

  return (
    <div class="sign-in">
      {warning && <p class="warn">{warning}</p>}
      {client.client && (
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
        <button type="submit" class={client.client ? 'wide' : 'main wide'} disabled={busy}>
          {busy ? t('signIn.busy') : t('signIn')}
        </button>
      </form>
      {first && <p class="quiet">{t('signIn.kept')}</p>}
    </div>
  )
}
