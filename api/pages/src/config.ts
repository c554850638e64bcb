// What the server tells the page at /pages/config.json.

export interface DemoToken {
  organisation: string
  organisationName: string
  role: string
  token: string
}

export interface Config {
  demo: boolean
  sdl: string
  tokens: DemoToken[]
}

export async function loadConfig(): Promise<Config> {
  const answer = await fetch('/pages/config.json', { credentials: 'omit' })
  if (!answer.ok) throw new Error(`/pages/config.json answered ${answer.status}`)
  const given: Partial<Config> = await answer.json()
  return {
    demo: given.demo === true,
    sdl: given.sdl ?? '/schema.graphql',
    tokens: given.tokens ?? [],
  }
}

/** Names a demo token in the chooser. */
export const keyOf = (token: DemoToken) => `${token.organisation} · ${token.role}`
