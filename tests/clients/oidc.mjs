// An OpenID provider on loopback (oidc-provider). A user signs in by authorization code with PKCE, a service by its
// client credentials; prints one line of JSON with what they were given, then serves until standard input closes.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const { LANPYA_ORG: org, LANPYA_SUBJECT: subject, LANPYA_ROLE: role } = process.env;
const back = 'http://127.0.0.1/back';
const resource = (name) => `https://lanpya.invalid/${name}`;
const algorithms = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;
const seconds = () => Math.floor(Date.now() / 1000);

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'dashboard', application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: [back],
      id_token_signed_response_alg: 'EdDSA',
    },
    {
      client_id: subject, client_secret: 'a secret of the test', grant_types: ['client_credentials'], redirect_uris: [],
      response_types: [],
    },
  ],
  cookies: { keys: [randomBytes(32).toString('hex')] },
  jwks: {
    keys: Object.entries(algorithms).map(([alg, { privateKey }]) => ({
      ...privateKey.export({ format: 'jwk' }), kid: `key-${alg}`, alg, use: 'sig',
    })),
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, name) => {
        const last = name.split('/').pop();
        const alg = last in algorithms ? last : 'EdDSA';
        return {
          scope: 'read', audience: last === 'other' ? 'other' : 'lanpya', accessTokenTTL: 900, accessTokenFormat: 'jwt',
          jwt: { sign: { alg } },
        };
      },
    },
  },
  // What Lanpya asks of an issuer beyond RFC 9068.
  extraTokenClaims: () => ({ org, roles: [role], nbf: seconds() }),
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid');
    for (const name of [...Object.keys(algorithms), 'other']) grant.addResourceScope(resource(name), 'read');
    await grant.save();
    return grant;
  },
});

const serve = provider.callback();
server.on('request', (request, response) => {
  if (request.url.startsWith('/interaction/')) {
    // The user types a name and a password here, and consents.
    return provider.interactionFinished(request, response, { login: { accountId: subject }, consent: {} });
  }
  return serve(request, response);
});

async function token(body, headers = {}) {
  const answer = await fetch(`${issuer}/token`, { method: 'POST', headers, body: new URLSearchParams(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(JSON.stringify(told));
  return told;
}

// Signs in as a browser would, and exchanges the code.
async function signIn(target) {
  const verifier = randomBytes(32).toString('base64url');
  const ask = {
    client_id: 'dashboard', response_type: 'code', redirect_uri: back, code_challenge_method: 'S256',
    scope: target ? 'openid read' : 'openid', code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    ...(target && { resource: target }),
  };
  const cookies = new Map();
  let next = `${issuer}/auth?${new URLSearchParams(ask)}`;
  for (let step = 0; !next.startsWith(back); step += 1) {
    if (step > 5) throw new Error(`lost at ${next}`);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [name, value] = set.split(';')[0].split('=');
      cookies.set(name, value);
    }
    if (!answer.headers.has('location')) throw new Error(`${next}: ${answer.status} ${await answer.text()}`);
    next = new URL(answer.headers.get('location'), issuer).href;
  }
  const code = new URL(next).searchParams.get('code');
  if (!code) throw new Error(next);
  const grant = { grant_type: 'authorization_code', client_id: 'dashboard', redirect_uri: back, code, code_verifier: verifier };
  return token(target ? { ...grant, resource: target } : grant);
}

const basic = Buffer.from(`${subject}:${encodeURIComponent('a secret of the test')}`).toString('base64');
const service = await token(
  { grant_type: 'client_credentials', scope: 'read', resource: resource('EdDSA') },
  { authorization: `Basic ${basic}` },
);
const good = { service: service.access_token };
for (const name of Object.keys(algorithms)) good[name] = (await signIn(resource(name))).access_token;
const plain = await signIn();
const refused = {
  otherAudience: (await signIn(resource('other'))).access_token,
  idToken: plain.id_token,
  opaque: plain.access_token,
};
console.log(JSON.stringify({ issuer, discovery: `${issuer}/.well-known/openid-configuration`, good, refused }));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
