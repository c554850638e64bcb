// Sign-in by authorisation code with PKCE at the issuer the server names. Loaded only where that is configured.
import * as oauth from 'oauth4webapi'

/** Where the page is registered, and where it comes back to. */
export interface Client {
  issuer: string | null
  client: string | null
  scope: string
  /** The page's own path. */
  path: string
}

interface Pending {
  verifier: string
  state: string
}

const back = (path: string) => location.origin + path
const pendingAt = (path: string) => `lanpya${path.replaceAll('/', '.')}.oidc`

/** An issuer on the device itself is one under test: only there may it speak without TLS. */
const options = (issuer: URL) => ({ [oauth.allowInsecureRequests]: issuer.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(issuer.hostname) })

async function server(issuer: URL) {
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options(issuer)))
}

/** Goes to the issuer; it sends the browser back with a code. */
export async function leave({ issuer, client, scope, path }: Client) {
  if (!issuer || !client) return
  const found = await server(new URL(issuer))
  if (!found.authorization_endpoint) throw new Error('no authorization endpoint')
  const pending: Pending = { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState() }
  sessionStorage.setItem(pendingAt(path), JSON.stringify(pending))
  const url = new URL(found.authorization_endpoint)
  url.search = new URLSearchParams({
    client_id: client,
    response_type: 'code',
    redirect_uri: back(path),
    scope,
    state: pending.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  }).toString()
  location.assign(url)
}

/** Comes back: the code becomes an access token. The address is cleaned first. */
export async function arrive({ issuer, client, path }: Client): Promise<string> {
  const here = new URL(location.href)
  history.replaceState(null, '', path)
  const kept = sessionStorage.getItem(pendingAt(path))
  sessionStorage.removeItem(pendingAt(path))
  if (!issuer || !client || !kept) throw new Error('no sign-in was begun here')
  const pending = JSON.parse(kept) as Pending
  const found = await server(new URL(issuer))
  const who: oauth.Client = { client_id: client }
  const parameters = oauth.validateAuthResponse(found, who, here, pending.state)
  const answer = await oauth.authorizationCodeGrantRequest(found, who, oauth.None(), parameters, back(path), pending.verifier, options(new URL(issuer)))
  const tokens = await oauth.processAuthorizationCodeResponse(found, who, answer)
  return tokens.access_token
}
