// GraphiQL keeps its state (queries, variables, pane sizes) here: in memory, gone with the page.

const kept = new Map<string, string>()

export const memoryStorage = {
  get length() {
    return kept.size
  },
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
  clear: () => kept.clear(),
}
