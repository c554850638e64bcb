// The comparison, part by part. Started by tests/bench/run.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Server, tokens } from "./contenders.mjs";
import { Cluster, codeOf, size } from "./database.mjs";
import { bench, fail, house, say } from "./house.mjs";
import * as parts from "./parts.mjs";
import { Askers, Race } from "./race.mjs";
import { machine, markdown, medians } from "./report.mjs";
import { workloads } from "./workloads.mjs";

const NAMES = ["quick", "json", "only", "contenders", "seconds", "connections", "rounds", "scale", "keep", "target", "parts"];
const { values: given } = parseArgs({ options: Object.fromEntries(NAMES.map((name) => [name, { type: name === "quick" ? "boolean" : "string" }])) });

const list = (text) => text.split(",").filter(Boolean);
const named = given.only || given.contenders;
const options = {
  // What is named is what is run: the other parts come where nothing is.
  parts: list(given.parts ?? (named ? "peers" : given.quick ? "peers,sqlite,start" : "peers,sqlite,growth,start,statistics")),
  only: list(given.only ?? Object.keys(workloads).join(",")),
  contenders: list(given.contenders ?? "lanpya,unaudited,hand,postgraphile"),
  seconds: Number(given.seconds ?? (given.quick ? 4 : 10)),
  connections: list(given.connections ?? (given.quick ? "64" : "16,64")).map(Number),
  rounds: Number(given.rounds ?? (given.quick ? 1 : 3)),
  scale: Number(given.scale ?? (given.quick ? 0.1 : 1)),
};
for (const name of options.only) if (!workloads[name]) fail(`there is no workload ${name}`);
for (const name of options.parts) if (!["peers", "sqlite", "growth", "start", "statistics"].includes(name)) fail(`there is no part ${name}`);

const built = join(given.target, "release");
const peer = join(bench, "postgraphile");
const lanpya = join(built, "lanpya");
const node = join(peer, `node_modules/node-linux-${process.arch}/bin/node`);
const binaries = {
  kinds: { lanpya: "lanpya", unaudited: "lanpya", hand: "hand", hand_sqlite: "hand", postgraphile: "postgraphile" },
  commands: {
    lanpya: [lanpya, "serve"],
    unaudited: [join(built, "unaudited")],
    hand: [join(built, "hand")],
    hand_sqlite: [join(built, "hand_sqlite")],
    postgraphile: [node, join(peer, "server.mjs")],
  },
};

const folder = mkdtempSync(join(tmpdir(), "lanpya-bench."));
let servers = [];
// A folder of its own: the server's account must be able to enter it.
const cluster = new Cluster(given.keep ?? mkdtempSync(join(tmpdir(), "lanpya-bench-postgres.")), Boolean(given.keep));

/** What every part works with. */
const run = {
  options,
  cluster,
  folder,
  lanpya,
  node,
  async serve(name, url, as = name) {
    const server = new Server(name, binaries, as);
    servers.push(server);
    return server.start(url, folder);
  },
  async stop() {
    for (const server of servers) await server.stop();
    servers = [];
  },
  /** The database of a size, and the address the servers use. */
  data(wanted) {
    cluster.fill(wanted, lanpya);
    cluster.warm(wanted.name);
    return cluster.address(wanted.name, "bench_server");
  },
  askers: (database, count) => new Askers({ cluster, database, lanpya, folder, count }),
};

async function peers() {
  const data = size(options.scale);
  const url = run.data(data);
  const askers = run.askers(data.name);
  for (const name of options.contenders) await run.serve(name, url);
  const cells = await new Race({ servers, askers, cluster, database: data.name, folder, options }).run();
  await run.stop();
  const connections = medians(cells);
  return { workloads: connections[Math.max(...options.connections)], connections, rounds: cells };
}

async function main() {
  // The first token makes the keys that every server reads.
  tokens(lanpya, folder, [codeOf(0)]);
  const result = { machine: machine(cluster, commit()), options };
  for (const part of options.parts) {
    say(`— ${part}`);
    if (part === "peers") Object.assign(result, await peers());
    else result[part] = await parts[part](run);
    if (given.json) writeFileSync(given.json, JSON.stringify(result, null, 2) + "\n");
  }
  console.log(markdown(result));
}

function commit() {
  const git = (...args) => spawnSync("git", ["-C", house, ...args], { encoding: "utf8" }).stdout.trim();
  return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") ? " with changes" : "");
}

/** However the run ends, what it started ends with it. */
async function end(code) {
  await run.stop();
  cluster.stop();
  if (code === 0) rmSync(folder, { recursive: true, force: true });
  else say(`logs are in ${folder}`);
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end(130));

try {
  await main();
  await end(0);
} catch (error) {
  console.error(`tests/bench: ${error.message}`);
  await end(1);
}
