// PostGraphile 5 in production settings: two processes behind one port, the token verified before GraphQL with a bounded
// cache, and the organisation of the token as the setting that the policies ask for.
import cluster from "node:cluster";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createLocalJWKSet, jwtVerify } from "jose";
import { grafserv } from "grafserv/node";
import { postgraphile } from "postgraphile";
import preset from "./graphile.config.mjs";

const PROCESSES = 2;
const REMEMBERED = 10_000;

if (cluster.isPrimary) {
  for (let started = 0; started < PROCESSES; started++) cluster.fork();
  cluster.on("exit", () => process.exit(1));
  process.on("SIGTERM", () => process.exit(0));
} else {
  await serve();
}

async function serve() {
  const keys = createLocalJWKSet(JSON.parse(readFileSync(process.env.LANPYA_TOKEN_KEYS_FILE, "utf8")));
  const rules = { issuer: process.env.LANPYA_TOKEN_ISSUER, audience: "lanpya", algorithms: ["EdDSA"], typ: "at+jwt", maxTokenAge: "1h", clockTolerance: 30 };
  const known = new Map();

  /** The claims of a good token, at once where it is known; a refused one is never remembered. */
  function claims(token) {
    const name = createHash("sha256").update(token).digest("base64");
    const found = known.get(name);
    if (found && found.exp * 1000 > Date.now()) return found;
    return jwtVerify(token, keys, rules).then(({ payload }) => {
      if (known.size >= REMEMBERED) known.delete(known.keys().next().value);
      known.set(name, payload);
      return payload;
    });
  }

  const service = postgraphile(preset).createServ(grafserv);
  const [host, port] = process.env.LANPYA_LISTEN.split(":");
  let graphql = null;
  const server = createServer(async (request, response) => {
    try {
      if (request.url === "/readyz") return response.end("ready");
      const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? "");
      const its = given && claims(given[1]);
      request.claims = its instanceof Promise ? await its : its;
      if (!request.claims) throw new Error("no token");
    } catch {
      response.writeHead(401).end();
      return;
    }
    graphql(request, response);
  });
  // The handler alone: no websockets are asked for.
  graphql = service.createHandler();
  await service.ready();
  server.listen(Number(port), host);
}
