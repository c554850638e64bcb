// The comparison: data, servers, equality of answers, load, figures. Started by tests/bench/run.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Server, tokens as mint } from "./contenders.mjs";
import { Cluster, codeOf, size } from "./database.mjs";
import { bench, fail, house, say } from "./house.mjs";
import { answers, ask, measure } from "./load.mjs";
import { machine, markdown, medians } from "./report.mjs";
import { ASKING, facts, requests, workloads } from "./workloads.mjs";

const { values: given } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    only: { type: "string" },
    contenders: { type: "string" },
    seconds: { type: "string" },
    connections: { type: "string" },
    rounds: { type: "string" },
    scale: { type: "string" },
    keep: { type: "string" },
    target: { type: "string" },
  },
});

const list = (text) => text.split(",").filter(Boolean);
const options = {
  only: list(given.only ?? Object.keys(workloads).join(",")),
  contenders: list(given.contenders ?? "lanpya,hand,postgraphile"),
  seconds: Number(given.seconds ?? (given.quick ? 4 : 10)),
  connections: list(given.connections ?? (given.quick ? "64" : "16,64")).map(Number),
  rounds: Number(given.rounds ?? (given.quick ? 1 : 3)),
  scale: Number(given.scale ?? (given.quick ? 0.1 : 1)),
};
for (const name of options.only) if (!workloads[name]) fail(`there is no workload ${name}`);

const peer = join(bench, "postgraphile");
const built = join(given.target, "release");
const binaries = {
  kinds: { lanpya: "lanpya", hand: "hand", postgraphile: "postgraphile" },
  commands: {
    lanpya: [join(built, "lanpya"), "serve"],
    hand: [join(built, "hand")],
    postgraphile: [join(peer, `node_modules/node-linux-${process.arch}/bin/node`), join(peer, "server.mjs")],
  },
};

const folder = mkdtempSync(join(tmpdir(), "lanpya-bench."));
let keepFolder = false;
const servers = [];
const cluster = new Cluster(given.keep ?? join(folder, "postgres"), Boolean(given.keep));

async function main() {
  const data = size(options.scale);
  cluster.fill(data, join(built, "lanpya"));
  cluster.warm(data.name);
  const codes = Array.from({ length: ASKING }, (_, place) => codeOf(place));
  const everyone = codes.map((_, place) => facts(cluster, data.name, place));
  let tokens = mint(join(built, "lanpya"), folder, codes);
  let minted = Date.now();
  const url = cluster.address(data.name, "bench_server");
  for (const name of options.contenders) {
    servers.push(new Server(name, binaries));
    await servers.at(-1).start(url, folder);
  }
  const its = machine(cluster, commit());

  const asked = (server, workload) => requests(workload, server.kind, everyone);
  const statements = {};
  for (const workload of options.only) {
    await compare(workload, asked, tokens);
    for (const server of servers) statements[`${workload} ${server.name}`] = await count(server, asked(server, workload), tokens, data.name);
    say(`${workload}: equal answers; statements ${servers.map((one) => `${one.name} ${statements[`${workload} ${one.name}`]}`).join(", ")}`);
  }

  // What writes comes last in every round; contenders take turns in being first.
  const order = options.only.toSorted((a, b) => Number(Boolean(workloads[a].writes)) - Number(Boolean(workloads[b].writes)));
  const cells = [];
  for (let round = 0; round < options.rounds; round++) {
    for (const connections of options.connections) {
      for (const workload of order) {
        if (Date.now() - minted > 20 * 60_000) {
          tokens = mint(join(built, "lanpya"), folder, codes);
          minted = Date.now();
        }
        for (const server of round % 2 ? servers.toReversed() : servers) {
          const logged = workloads[workload].writes ? visits(data.name) : 0;
          const figures = await measure({ server, cluster, requests: asked(server, workload), tokens, connections, seconds: options.seconds, folder });
          if (workloads[workload].writes) wrote(server, figures, visits(data.name) - logged, connections);
          cells.push({ round, connections, workload, contender: server.name, statements: statements[`${workload} ${server.name}`], ...figures });
          say(`round ${round + 1}, ${connections} connections, ${workload} ${server.name}: ${figures.rps.toFixed(0)}/s, p99 ${figures.p99.toFixed(1)} ms, CPU ${figures.cpuServer.toFixed(0)} + ${figures.cpuDatabase.toFixed(0)} µs, ${figures.memory.toFixed(0)} MB`);
        }
        if (!workloads[workload].writes) await compare(workload, asked, tokens);
      }
    }
  }

  const found = medians(cells);
  const main = found[Math.max(...options.connections)];
  const result = { machine: its, options, workloads: main, connections: found, start: Object.fromEntries(servers.map((one) => [one.name, Math.round(one.startMs)])), rounds: cells };
  if (given.json) writeFileSync(given.json, JSON.stringify(result, null, 2) + "\n");
  console.log(markdown(result));
}

const visits = (database) => Number(cluster.ask("SELECT count(*) FROM visit WHERE ticket = 'BENCH'", database));

/** Every answered write is a row; those that were on their way at the end may be rows too. */
function wrote(server, { requests }, rows, connections) {
  if (rows < requests || rows > requests + 2 * connections) fail(`${server.name} answered ${requests} writes and left ${rows} rows`);
}

function commit() {
  const git = (...args) => spawnSync("git", ["-C", house, ...args], { encoding: "utf8" }).stdout.trim();
  return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") ? " with changes" : "");
}

/** The same rows and values from every contender, or the run is void. */
async function compare(workload, asked, tokens) {
  let first = null;
  for (const server of servers) {
    const found = await answers(server, asked(server, workload), tokens, workloads[workload]);
    first ??= found;
    found.forEach((text, place) => {
      if (text === first[place]) return;
      keepFolder = true;
      writeFileSync(join(folder, "one.json"), first[place]);
      writeFileSync(join(folder, "other.json"), text);
      fail(`${workload}: ${servers[0].name} and ${server.name} answer differently: see ${folder}/one.json and other.json`);
    });
  }
}

/**
 * Statements per request, as the database counts them; BEGIN, context and COMMIT are among them. The least of three
 * tries: who asks is looked up again every few seconds, and that is not the request's.
 */
async function count(server, asked, tokens, database) {
  const track = (what) => {
    cluster.ask(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
    cluster.ask("SELECT pg_reload_conf()");
  };
  const some = asked.slice(0, ASKING);
  const tries = [];
  track("top");
  for (let attempt = 0; attempt < 3; attempt++) {
    for (const request of some) await ask(server, request, tokens);
    cluster.ask("SELECT pg_stat_statements_reset()", database);
    for (const request of some) await ask(server, request, tokens);
    const counted = "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = 'bench_server'";
    tries.push(Number(cluster.ask(counted, database)) / some.length);
  }
  track("none");
  return Math.round(Math.min(...tries) * 10) / 10;
}

/** However the run ends, what it started ends with it. */
async function end(code) {
  for (const server of servers) await server.stop();
  cluster.stop();
  if (keepFolder) say(`logs are in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end(130));

try {
  await main();
  await end(0);
} catch (error) {
  console.error(`tests/bench: ${error.message}`);
  keepFolder = true;
  await end(1);
}
