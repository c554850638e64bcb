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
  const [state, setState] = useState<{ found: T | null; busy: boolean }>({ found: null, busy: true })
  const [times, again] = useState(0)
  useEffect(() => {
    let current = true
    setState((before) => ({ ...before, busy: true }))
    void what().then((found) => {
      if (!current) return
      if (found.trouble?.kind === 'signedOut') return lost()
      setState({ found, busy: false })
    })
    return () => void (current = false)
  }, [...parts, times])
  return { ...state, trouble: state.found?.trouble ?? null, again: () => again((before) => before + 1) }
}
