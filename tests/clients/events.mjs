// A subscription as npm graphql-ws makes it: each event is printed as a line of JSON, then how the connection closed.
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

const { LANPYA_URL: url, LANPYA_TOKEN: token, LANPYA_QUERY: query } = process.env
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: { Authorization: `Bearer ${token}` },
  // A refusal is for good: nobody gets in by asking again.
  retryAttempts: 0,
  lazy: false,
  onNonLazyError: () => {},
  on: { closed: (event) => print({ closed: event.code }), connected: () => print({ connected: true }) },
})
client.subscribe({ query }, { next: print, error: () => process.exit(), complete: () => process.exit() })
