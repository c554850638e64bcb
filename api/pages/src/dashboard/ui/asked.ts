// What a panel is told by the server; asked for again at each change of what is looked at. What came before stays until
// the new answer is there, so that nothing jumps.
import { useEffect, useState } from 'preact/hooks'
import type { Trouble } from '../../shared/api'
import { lost } from '../core/session'

export interface Asked<T> {
  found: T | null
  trouble: Trouble | null
  busy: boolean
  again: () => void
}

export function useAsked<T extends { trouble: Trouble | null }>(what: () => Promise<T>, parts: unknown[]): Asked<T> {
  const [state, setState] = useState<{ found: T | null; busy: boolean; of: string }>({ found: null, busy: true, of: '' })
  const [times, again] = useState(0)
  const of = JSON.stringify(parts)
  useEffect(() => {
    let current = true
    setState((before) => ({ ...before, busy: true }))
    void what().then((found) => {
      if (!current) return
      if (found.trouble?.kind === 'signedOut') return lost()
      setState({ found, busy: false, of })
    })
    return () => void (current = false)
  }, [...parts, times])
  // Busy from the moment something else is asked for, not only once it is being fetched.
  return { found: state.found, busy: state.busy || state.of !== of, trouble: state.found?.trouble ?? null, again: () => again((before) => before + 1) }
}
