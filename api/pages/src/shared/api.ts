// One POST to /graphql. What went wrong is a code for which there is a sentence in each language.

export interface Trouble {
  /** `offline`: no answer. `signedOut`: the token is not good. `later`: try again. `refused`: it stays refused. */
  kind: 'offline' | 'signedOut' | 'later' | 'refused'
  code: string
  message: string
  field: string
  /** Seconds the server asks for. */
  retryAfter: number
}

export type Answer<T> = { data: T; trouble: null } | { data: null; trouble: Trouble }

const LONGEST = 60_000
const LATER = new Set(['RATE_LIMITED', 'TIMEOUT', 'UNAVAILABLE', 'INTERNAL'])

let token = ''

export const setToken = (given: string) => void (token = given)
export const hasToken = () => token !== ''
export const currentToken = () => token

interface Body<T> {
  data?: T | null
  errors?: { message: string; extensions?: { code?: string; field?: string; retryAfter?: number } }[]
}

export async function ask<T>(query: string, variables: object = {}): Promise<Answer<T>> {
  let answer: Response
  let body: Body<T> | null = null
  try {
    answer = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json;q=0.9',
        Authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query, variables }),
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(LONGEST),
    })
    const text = await answer.text()
    try {
      body = JSON.parse(text)
    } catch {
      body = null // an answer of something between here and the server
    }
  } catch {
    return { data: null, trouble: { kind: 'offline', code: 'OFFLINE', message: '', field: '', retryAfter: 0 } }
  }
  const error = body?.errors?.[0]
  if (answer.ok && body?.data && !error) return { data: body.data, trouble: null }
  return { data: null, trouble: troubleOf(answer, error) }
}

function troubleOf(answer: Response, error: NonNullable<Body<unknown>['errors']>[0] | undefined): Trouble {
  const code = error?.extensions?.code ?? (answer.status === 401 ? 'UNAUTHENTICATED' : answer.status === 429 ? 'RATE_LIMITED' : 'UNAVAILABLE')
  const told = { code, message: error?.message ?? '', field: error?.extensions?.field ?? '' }
  const retryAfter = Number(error?.extensions?.retryAfter ?? answer.headers.get('Retry-After') ?? 0) || 0
  if (answer.status === 401 || code === 'UNAUTHENTICATED') return { ...told, kind: 'signedOut', retryAfter: 0 }
  if (LATER.has(code) || answer.status >= 500) return { ...told, kind: 'later', retryAfter }
  return { ...told, kind: 'refused', retryAfter: 0 }
}
