// The reception page begins: words, settings, what lies on the device, the service worker.
import '../shared/base.css'
import './desk.css' // after it: it says what changes on a narrow screen
import { render } from 'preact'
import { loadConfig } from './core/config'
import { startI18n, t } from './core/i18n'
import { watch } from './core/idle'
import { expire } from './core/queue'
import { wake } from './core/sender'
import { signIn, start } from './core/session'
import { get, set } from './core/store'
import { App } from './ui/app'

async function signedInElsewhere(): Promise<string> {
  if (!new URLSearchParams(location.search).has('state')) return ''
  try {
    const { arrive } = await import('../shared/oidc')
    return (await signIn(await arrive({ ...get().config, path: '/reception' }))) ? t('signIn.refused') : ''
  } catch {
    return t('signIn.provider.failed')
  }
}

async function begin() {
  await startI18n()
  // With a network, what the server says now; without one, what it said last.
  await Promise.race([loadConfig(), new Promise((done) => setTimeout(done, 3_000))])
  await start()
  await expire()
  const begun = await signedInElsewhere()
  render(<App begun={begun} />, document.getElementById('root')!)
  watch()
  window.setInterval(() => void expire(), 60_000)
  window.addEventListener('online', wake)
  window.addEventListener('offline', () => set({ online: false }))
  window.addEventListener('focus', wake)
  // The browser does not throw the queue away when the disk fills.
  void navigator.storage?.persist?.()
}

async function serviceWorker() {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  const registration = await navigator.serviceWorker.register('/reception/sw.js', { scope: '/reception' })
  const offer = () => {
    if (registration.waiting && navigator.serviceWorker.controller) set({ newer: registration.waiting })
  }
  offer()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer))
}

void begin()
void serviceWorker().catch(() => {})
