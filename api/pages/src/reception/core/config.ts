// What the server tells the page. The last answer is kept for days without a network; nothing in it is personal.
import { get, set } from './store'
import type { Config } from './types'

const KEPT = 'lanpya.reception.config'

function read(text: string | null): Partial<Config> {
  try {
    const given: unknown = JSON.parse(text ?? '{}')
    return typeof given === 'object' && given !== null ? given : {}
  } catch {
    return {}
  }
}

export async function loadConfig() {
  const kept = localStorage.getItem(KEPT)
  set({ config: { ...get().config, ...read(kept) } })
  try {
    const answer = await fetch('/reception/config.json', { credentials: 'omit', cache: 'no-store' })
    if (!answer.ok) return
    const text = await answer.text()
    localStorage.setItem(KEPT, text)
    const before = read(kept)
    const now = read(text)
    set({ config: { ...get().config, ...now } })
    // The page's policy names the issuer: the copy on the device is of the old one.
    if (kept !== null && before.issuer !== now.issuer) await freshen()
  } catch {
    // no network: what was kept holds
  }
}

/** Fetches the page itself again into the service worker's cache. */
async function freshen() {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const url = new URL(request.url)
      if (url.pathname.endsWith('.html')) await cache.put(request, await fetch(url.pathname, { cache: 'reload' }))
    }
  }
}
