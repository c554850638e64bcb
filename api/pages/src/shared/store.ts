// The one state of a page, and a way to hear of its changes.
import { useEffect, useState } from 'preact/hooks'

export function makeStore<S extends object>(initial: S) {
  let state = initial
  const heard = new Set<() => void>()
  const get = () => state
  function set(change: Partial<S>) {
    state = { ...state, ...change }
    for (const listener of heard) listener()
  }
  /** The state, drawn again at each change. */
  function useStore(): S {
    const [seen, see] = useState(state)
    useEffect(() => {
      const listener = () => see(state)
      heard.add(listener)
      listener()
      return () => void heard.delete(listener)
    }, [])
    return seen
  }
  return { get, set, useStore }
}
