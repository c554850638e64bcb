// The dashboard begins: words, settings, who is signed in.
import '../shared/base.css'
import './board.css'
import { render } from 'preact'
import { sentence, startI18n, t } from './core/i18n'
import { PATH, restoreView, resume, signIn, watchAddress } from './core/session'
import { type Config, get, set } from './core/store'
import { App } from './ui/app'

async function loadConfig() {
  const answer = await fetch('/dashboard/config.json', { credentials: 'omit', cache: 'no-store' }).catch(() => null)
  if (answer?.ok) set({ config: (await answer.json()) as Config })
}

/** Back from the provider: what it has come to. */
async function signedInElsewhere(): Promise<string> {
  try {
    const { arrive } = await import('../shared/oidc')
    const token = await arrive({ ...get().config, path: PATH })
    restoreView()
    if (!(await signIn(token))) return ''
    set({ stage: 'signIn' })
    return t('signIn.refused')
  } catch {
    restoreView()
    set({ stage: 'signIn' })
    return t('signIn.provider.failed')
  }
}

async function fromThisWindow(): Promise<string> {
  const trouble = await resume()
  return trouble && trouble.kind !== 'signedOut' ? sentence(trouble.code) : ''
}

async function begin() {
  await Promise.all([startI18n(), loadConfig()])
  watchAddress()
  const begun = new URLSearchParams(location.search).has('state') ? await signedInElsewhere() : await fromThisWindow()
  render(<App begun={begun} />, document.getElementById('root')!)
}

void begin()
