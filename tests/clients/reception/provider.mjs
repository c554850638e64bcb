// An OpenID provider on loopback for the reception page at argv[2]; prints its issuer, serves until standard input closes.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

// Standard output is for the issuer alone, and nobody reads it afterwards: notices of the library go elsewhere.
console.info = console.warn = console.error;

const { LANPYA_ORG: org, LANPYA_SUBJECT: subject, LANPYA_ROLE: role } = process.env;
const resource = 'https://lanpya.invalid/api';
const { privateKey } = generateKeyPairSync('ed25519');

const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'reception', application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: [process.argv[2]],
      id_token_signed_response_alg: 'EdDSA',
    },
  ],
  clientBasedCORS: (_, origin) => process.argv[2].startsWith(`${origin}/`),
  cookies: { keys: [randomBytes(32).toString('hex')] },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'key', alg: 'EdDSA', use: 'sig' }] },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'read', audience: 'lanpya', accessTokenTTL: 900, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'EdDSA' } },
      }),
    },
  },
  extraTokenClaims: () => ({ org, roles: [role], nbf: Math.floor(Date.now() / 1000) }),
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid');
    grant.addResourceScope(resource, 'read');
    await grant.save();
    return grant;
  },
});

const serve = provider.callback();
server.on('request', (request, response) => {
  // The user types a name and a password here.
  if (request.url.startsWith('/interaction/')) {
    return provider.interactionFinished(request, response, { login: { accountId: subject }, consent: {} });
  }
  return serve(request, response);
});
console.log(issuer);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
