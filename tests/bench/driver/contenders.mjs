// The servers that are compared: how each is started, and how it is known to be ready.
import { spawn, spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { bench, fail, pause, say } from "./house.mjs";

export const ISSUER = "https://lanpya.invalid/development";

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Settings every server gets; each reads what it knows. */
function settings(port, url, keys) {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production",
    GRAPHILE_ENV: "production",
    DATABASE_URL: url,
    LANPYA_LISTEN: `127.0.0.1:${port}`,
    LANPYA_TOKEN_ISSUER: ISSUER,
    LANPYA_TOKEN_KEYS_FILE: join(keys, "jwks.json"),
    LANPYA_CURSOR_SECRET: "the same for as long as a benchmark runs",
    // Budgets are kept and never spent: what is measured is not how they refuse.
    LANPYA_POINTS_PER_USER: "4000000000",
    LANPYA_POINTS_PER_ORGANISATION: "4000000000",
  };
}

export class Server {
  /** `name` is `lanpya`, `hand`, … or `any=PATH`: another build of Lanpya. */
  constructor(name, binaries, as = name) {
    const [label, path] = name.split("=");
    this.name = path ? label : as;
    this.kind = path ? "lanpya" : (binaries.kinds[label] ?? fail(`there is no contender ${label}`));
    this.command = path ? [path, "serve"] : binaries.commands[label];
  }

  async start(url, folder, extra = {}) {
    const port = await freePort();
    this.url = url;
    const log = openSync(join(folder, `${this.name.replaceAll(" ", "_")}.log`), "a");
    const env = { ...settings(port, url, folder), ...extra };
    const began = process.hrtime.bigint();
    this.process = spawn(this.command[0], this.command.slice(1), { env, stdio: ["ignore", log, log], cwd: bench });
    this.process.on("exit", (code) => (this.ended = code ?? "a signal"));
    this.origin = `http://127.0.0.1:${port}`;
    for (;;) {
      if (this.ended !== undefined) fail(`${this.name} ended with ${this.ended}: see ${folder}/${this.name}.log`);
      if (await fetch(`${this.origin}/readyz`).then((answer) => answer.ok, () => false)) break;
      await pause(2);
      if (process.hrtime.bigint() - began > 60_000_000_000n) fail(`${this.name} is not ready after a minute`);
    }
    this.startMs = Number(process.hrtime.bigint() - began) / 1e6;
    say(`${this.name} serves at ${this.origin}, ready after ${Math.round(this.startMs)} ms`);
    return this;
  }

  async stop() {
    if (!this.process || this.ended !== undefined) return;
    this.process.kill("SIGTERM");
    for (let waited = 0; this.ended === undefined && waited < 5_000; waited += 20) await pause(20);
    if (this.ended === undefined) this.process.kill("SIGKILL");
  }
}

/** Tokens of the asking organisations, good for an hour. */
export function tokens(lanpya, folder, codes) {
  return codes.map((code) => {
    const minted = spawnSync(lanpya, ["token", "--data", folder, "--organisation", code, "--role", "SUPERVISOR"], { encoding: "utf8" });
    if (minted.status !== 0) fail(`token: ${minted.stderr}`);
    return minted.stdout.trim();
  });
}
