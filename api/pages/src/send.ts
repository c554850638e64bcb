// One POST to /graphql, and words for the answers that are not GraphQL.

export interface Params {
  query: string
  variables?: unknown
  operationName?: string | null
}

export interface Answer {
  status: number
  /** What the response pane shows. */
  body: Record<string, unknown>
  /** What the bar says, when something stands in the way. */
  trouble: string
}

const error = (message: string) => ({ errors: [{ message }] })

export async function send(params: Params, token: string): Promise<Answer> {
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    Accept: 'application/graphql-response+json, application/json;q=0.9',
  }
  if (token) headers.Authorization = `Bearer ${token}`
  const { query, variables, operationName } = params

  let answer: Response
  try {
    answer = await fetch('/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables, operationName }),
      credentials: 'omit',
      cache: 'no-store',
    })
  } catch {
    const trouble = 'The server could not be reached. Check the connection, then run again.'
    return { status: 0, body: error(trouble), trouble }
  }

  const trouble = explain(answer, token)
  let body: unknown
  try {
    body = await answer.json()
  } catch {
    body = null
  }
  if (body === null || typeof body !== 'object') body = error(trouble || `The server answered ${answer.status}, and not in JSON.`)
  return { status: answer.status, body: body as Record<string, unknown>, trouble }
}

function explain(answer: Response, token: string): string {
  switch (answer.status) {
    case 401:
      return token
        ? '401: the server does not accept this token. It is mistyped, expired (a token lives 60 minutes at most) or withdrawn. Choose or paste another.'
        : '401: no token was sent. Choose or paste one first.'
    case 403:
      return '403: this token may not do that here. Another role may.'
    case 429: {
      const wait = answer.headers.get('Retry-After')
      return `429: too many requests. Try again ${wait ? `in ${wait} seconds` : 'in a moment'}.`
    }
    default:
      return answer.status >= 500 ? `${answer.status}: the server failed. Nothing is wrong with your query.` : ''
  }
}
