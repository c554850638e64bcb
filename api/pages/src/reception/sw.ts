// Keeps the page's own files, so that it opens without a network. It never sees, keeps or answers /graphql.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

declare const FILES: { url: string; revision: string | null }[] // laid in by reception.config.ts

interface Worker {
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
  addEventListener(kind: 'message' | 'activate', listener: (event: { data?: unknown; waitUntil(work: Promise<void>): void }) => void): void
}
const worker = self as unknown as Worker

cleanupOutdatedCaches()
precacheAndRoute(FILES)
// A sign-in comes back with a code in the address: it is the same page.
registerRoute(new NavigationRoute(createHandlerBoundToURL('/reception/reception.html'), { allowlist: [/^\/reception(\?|$)/] }))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('message', (event) => {
  if (event.data === 'now') void worker.skipWaiting()
})
