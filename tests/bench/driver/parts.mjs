// What is measured beside the peers: SQLite, growth, starting, statistics.
import { spawn, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { size } from "./database.mjs";
import { bench, fail, median, say } from "./house.mjs";
import { ask, measure } from "./load.mjs";
import { Race } from "./race.mjs";
import { medians } from "./report.mjs";
import { typeId, workloads } from "./workloads.mjs";

const rounded = (value) => Number(value.toPrecision(3));

/** Lanpya over a file against itself without its audit, a hand-written handler over the same file, and itself over PostgreSQL; other builds too. */
export async function sqlite(run) {
  const { cluster, folder, options } = run;
  const data = size(Math.min(options.scale, 0.1));
  const url = run.data(data);
  const file = join(folder, "bench.db");
  const done = spawnSync(run.lanpya, ["migrate", "--url", `sqlite:${file}`], { encoding: "utf8" });
  if (done.status !== 0) fail(`migrate: ${done.stderr}`);
  const copied = spawnSync(run.node, ["--no-warnings", join(bench, "driver/copy.mjs"), cluster.address(data.name), file], { encoding: "utf8" });
  if (copied.status !== 0) fail(`copy: ${copied.stderr}`);
  const servers = [await run.serve("lanpya", `sqlite:${file}`, "sqlite")];
  for (const other of ["unaudited", ...options.contenders.filter((name) => name.includes("="))]) servers.push(await run.serve(other, `sqlite:${file}`, `${other} over sqlite`));
  servers.push(await run.serve("hand_sqlite", `sqlite:${file}`), await run.serve("lanpya", url));
  const only = options.only.filter((workload) => ["W1", "W2", "W3", "W4"].includes(workload));
  const askers = run.askers(data.name);
  const cells = await new Race({ servers, askers, cluster, database: data.name, folder, options: { ...options, only } }).run();
  await run.stop();
  rmSync(file, { force: true });
  return { scale: data.scale, connections: medians(cells) };
}

/** W2 and W3 at three sizes; the page after ten thousand pages against the first. */
export async function growth(run) {
  const { cluster, folder, options } = run;
  const scales = [1, 0.1, 0.01].filter((scale) => scale <= options.scale);
  const set = [];
  for (const scale of scales) {
    const data = size(scale);
    const url = run.data(data);
    set.push({ data, askers: run.askers(data.name), server: await run.serve("lanpya", url, `scale ${scale}`) });
  }
  const found = {};
  for (const workload of ["W2", "W3"]) {
    const rates = set.map(() => []);
    for (let round = 0; round < options.rounds; round++) {
      for (const [place, { askers, server }] of set.entries()) {
        const requests = askers.requests(server, workload);
        const figures = await measure({ server, cluster, requests, tokens: askers.tokens, connections: 16, seconds: options.seconds, folder });
        rates[place].push(figures.rps);
      }
    }
    found[workload] = Object.fromEntries(set.map(({ data }, place) => [data.scale, rounded(median(rates[place]))]));
    say(`growth, ${workload}: ${JSON.stringify(found[workload])} requests a second`);
  }
  await run.stop();
  return { ...found, deep: await deep(run) };
}

const PAGES = 10_000;
const PAGE = "query Page($after: String) { children(first: 50, after: $after) { nodes { id code registeredOn } pageInfo { hasNextPage endCursor } } }";

/** One organisation with as many children as it takes, walked page by page. */
async function deep(run) {
  const data = { name: "bench_deep", scale: "deep", organisations: 1, children: (PAGES + 1) * 50 + 1, visits: 1_000, cases: 0 };
  const server = await run.serve("lanpya", run.data(data));
  const askers = run.askers(data.name, 1);
  const request = (after) => ({ who: 0, method: "POST", path: "/graphql", body: JSON.stringify({ query: PAGE, variables: { after } }) });
  let after = null;
  let second = null;
  for (let page = 0; page < PAGES; page++) {
    const { data: answer } = await ask(server, request(after), askers.tokens);
    if (!answer.children.pageInfo.hasNextPage) fail(`the list ends after ${page} pages`);
    after = answer.children.pageInfo.endCursor;
    second ??= after;
  }
  // The second page tells what a cursor costs, the last one what depth does.
  const rates = [[], [], []];
  for (let round = 0; round < run.options.rounds; round++) {
    for (const [place, cursor] of [null, second, after].entries()) {
      const { cluster, folder, options } = run;
      const figures = await measure({ server, cluster, requests: [request(cursor)], tokens: askers.tokens, connections: 16, seconds: options.seconds, folder });
      rates[place].push(figures.rps);
    }
  }
  await run.stop();
  const [first, next, last] = rates.map(median);
  say(`growth: the page after ${PAGES} pages takes ${rounded(first / last)} times as long as the first`);
  return { first: rounded(first), second: rounded(next), last: rounded(last), ratio: rounded(first / last) };
}

/** From the start of the process to an answer of /readyz; and the second start of a demo. */
export async function start(run) {
  const data = size(Math.min(run.options.scale, 0.1));
  const url = run.data(data);
  const ready = [];
  for (let round = 0; round < 5; round++) {
    ready.push((await run.serve("lanpya", url)).startMs);
    await run.stop();
  }
  const folder = join(run.folder, "demo");
  const demo = [];
  for (let round = 0; round < 4; round++) demo.push(await demoStart(run.lanpya, folder));
  const found = { readyMs: rounded(median(ready)), firstDemoMs: rounded(demo[0]), secondDemoMs: rounded(median(demo.slice(1))) };
  say(`start: ${JSON.stringify(found)}`);
  return found;
}

function demoStart(lanpya, folder) {
  return new Promise((done, failed) => {
    const began = process.hrtime.bigint();
    const demo = spawn(lanpya, ["demo", "--json", "--listen", "127.0.0.1:0", "--data", folder], { stdio: ["ignore", "pipe", "ignore"] });
    let took = null;
    demo.stdout.once("data", () => {
      took = Number(process.hrtime.bigint() - began) / 1e6;
      demo.kill("SIGTERM");
    });
    demo.on("exit", () => (took === null ? failed(new Error("the demo does not start")) : done(took)));
  });
}

const YEAR = `{ visitStatistics(bucket: MONTH, groupBy: [SEX, TOPICS], first: 1000,
  where: { visitedOn: { gte: "2025-01-01", lt: "2026-01-01" } }) { groups { key { period { from } sex topics } visits } } }`;

/** Milliseconds from the question to the whole answer over HTTP, asked one after the other; warm, as the statements beside it are. */
async function answered(server, tokens) {
  const request = { who: 0, method: "POST", path: "/graphql", body: JSON.stringify({ query: YEAR }) };
  const took = [];
  for (let round = 0; round < 31; round++) {
    const began = process.hrtime.bigint();
    const { data } = await ask(server, request, tokens);
    took.push(Number(process.hrtime.bigint() - began) / 1e6);
    if (!data?.visitStatistics.groups.length) fail("W5: no groups");
  }
  return median(took.slice(1));
}

/**
 * W5: visits of a year counted by month, sex and topic, for one organisation: row by row without any help, row by row with
 * the schema's indexes, and as the server counts and answers it.
 */
export async function statistics(run) {
  const { cluster, options } = run;
  const data = size(options.scale);
  const url = run.data(data);
  const askers = run.askers(data.name, 1);
  const { organisation } = askers.facts[0];
  const sql = `SELECT date_trunc('month', visited_on)::date AS month, sex, topic, count(*) FROM visit, json_array_elements_text(topics::json) AS topic
    WHERE organisation_id = '${organisation}' AND visited_on >= '2025-01-01' AND visited_on < '2026-01-01' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  const timed = (...settings) => {
    const set = ["jit = off", ...settings].map((setting) => `SET ${setting}; `).join("");
    const script = `${set}SELECT set_config('lanpya.organisation', '${organisation}', false); ` + `EXPLAIN (ANALYZE, TIMING OFF) ${sql}; `.repeat(7);
    const out = spawnSync("psql", ["-qAtX", "-v", "ON_ERROR_STOP=1", "-c", script, cluster.address(data.name, "bench_server")], { encoding: "utf8" });
    if (out.status !== 0) fail(`W5: ${out.stderr}`);
    return median([...out.stdout.matchAll(/Execution Time: ([\d.]+)/g)].map(([, time]) => Number(time)));
  };
  const unaided = timed(...["indexscan", "bitmapscan", "indexonlyscan"].map((way) => `enable_${way} = off`));
  const plain = timed();
  const asked = await answered(await run.serve("lanpya", url), askers.tokens);
  await run.stop();
  const found = { unaidedMs: rounded(unaided), plainMs: rounded(plain), askedMs: rounded(asked), ratio: rounded(unaided / asked) };
  say(`W5: ${JSON.stringify(found)}`);
  return found;
}
