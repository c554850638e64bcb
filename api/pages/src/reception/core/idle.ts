// Locks the page when nobody has touched it for a while.
import { get } from './store'
import { lock } from './vault'

let last = Date.now()
const touched = () => void (last = Date.now())

export function watch() {
  for (const kind of ['pointerdown', 'keydown', 'wheel'] as const) window.addEventListener(kind, touched, { passive: true, capture: true })
  window.setInterval(check, 5_000)
  // A device that slept did not count.
  document.addEventListener('visibilitychange', check)
}

function check() {
  const { stage, config } = get()
  if (stage === 'open' && Date.now() - last > config.lockMinutes * 60_000) close()
}

export function close() {
  lock()
}
