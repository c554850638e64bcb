// One cell of the table: wrk against one server, and what it cost server and database.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "./house.mjs";
import { normal, TICKET } from "./workloads.mjs";

/** Refusals of a whole request then have a status of their own, which wrk counts. */
const ACCEPT = "application/graphql-response+json, application/json;q=0.9";
const TICK = 100; // USER_HZ, fixed on Linux

function headers(token, body) {
  return { Authorization: `Bearer ${token}`, Accept: ACCEPT, ...(body ? { "Content-Type": "application/json" } : {}) };
}

let tickets = 0;
const fresh = () => `BENCH-${Date.now()}${String(++tickets).padStart(4, "0")}`;

/** One answer, as comparable data, and the ticket that it was asked with. Anything but plain data voids the run. */
export async function ask(server, { who, method, path, body: asked }, tokens) {
  const ticket = fresh();
  const body = asked?.replace(TICKET, ticket);
  const once = () => fetch(server.origin + path, { method, headers: headers(tokens[who], body), body });
  // A connection that was idle while the load ran may have been closed unseen; no request was sent on it.
  const answer = await once().catch(once);
  const text = await answer.text();
  if (!answer.ok) fail(`${server.name} answers ${answer.status}: ${text.slice(0, 500)}`);
  const json = JSON.parse(text);
  if (json.errors || !json.data || json.extensions?.redactions) fail(`${server.name}: ${text.slice(0, 500)}`);
  return { data: json.data, headers: answer.headers, ticket };
}

/** The answers to all requests of a workload as one text for each. */
export async function answers(server, requests, tokens, shape) {
  const found = [];
  for (const request of requests) {
    const { data, ticket } = await ask(server, request, tokens);
    const refused = data.visitRecord?.userErrors ?? [];
    if (refused.length > 0) fail(`${server.name}: ${JSON.stringify(refused)}`);
    const text = JSON.stringify(normal(data)).replace(ticket, TICKET);
    // Ids of new rows are the server's to choose.
    found.push(shape.writes ? text.replace(/"id":"[^"]+"/, '"id":"new"') : text);
  }
  return found;
}

const quoted = (text) => `[==[${text}]==]`;

/** Seconds of the start and a number: never used before, and as long as what it stands for. */
const NEW_TICKET = `asked = asked + 1
  return (string.gsub(all[turn], "${TICKET.replace("-", "%-")}", string.format("BENCH-%d%07d", begun, asked), 1))`;

/** A script that asks the requests in turn and writes the figures as JSON. */
function script(requests, tokens) {
  const lines = requests.map(({ who, method, path, body }) => {
    const fields = Object.entries(headers(tokens[who], body)).map(([key, value]) => `["${key}"]=${quoted(value)}`);
    return `wrk.format("${method}", ${quoted(path)}, {${fields.join(",")}}, ${body ? quoted(body) : "nil"})`;
  });
  return `local all, turn, asked, begun = {}, 0, 0, os.time()
function init(args)
  ${lines.map((line, place) => `all[${place + 1}] = ${line}`).join("\n  ")}
end
function request()
  turn = turn % #all + 1
  ${requests.some(({ body }) => body?.includes(TICKET)) ? NEW_TICKET : "return all[turn]"}
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"duration":%d,"bytes":%d,"errors":%d,"p50":%d,"p99":%d}',
    summary.requests, summary.duration, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)), "\\n")
end
`;
}

function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [ppid, user, system, childUser, childSystem] = [1, 11, 12, 13, 14].map((place) => Number(fields[place]));
    return { ppid, own: user + system, reaped: childUser + childSystem };
  } catch {
    return null; // It ended between the listing and now.
  }
}

/** A process and all below it, itself first. */
function family(pid) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), stat(name)]);
  const found = [pid];
  for (let place = 0; place < found.length; place++) {
    for (const [child, its] of all) if (its?.ppid === found[place]) found.push(child);
  }
  return found;
}

/** Seconds of CPU that a process, all below it and all that ended below it have used. */
function cpu(pid) {
  const ticks = family(pid).map((one) => stat(one)).reduce((sum, its) => sum + (its ? its.own + its.reaped : 0), 0);
  return ticks / TICK;
}

/** Resident megabytes of processes. */
function resident(pids) {
  const read = (pid) => {
    try {
      return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      return 0; // It has ended.
    }
  };
  return pids.reduce((sum, pid) => sum + read(pid), 0) / 1024;
}

function wrk(origin, file, connections, seconds) {
  return new Promise((done, failed) => {
    const load = spawn("wrk", ["-t", "1", "-c", String(connections), "-d", `${seconds}s`, "--timeout", "20s", "-s", file, origin]);
    let out = "";
    load.stdout.on("data", (part) => (out += part));
    load.stderr.on("data", (part) => (out += part));
    load.on("error", failed);
    load.on("exit", () => {
      const line = out.split("\n").find((text) => text.startsWith("{"));
      if (line) done(JSON.parse(line));
      else failed(new Error(`wrk: ${out}`));
    });
  });
}

/** Figures of one contender under one workload. */
export async function measure({ server, cluster, requests, tokens, connections, seconds, folder }) {
  const file = join(folder, "load.lua");
  writeFileSync(file, script(requests, tokens));
  const warm = await wrk(server.origin, file, connections, Math.max(2, Math.round(seconds * 0.3)));
  const before = [cpu(server.process.pid), cpu(cluster.pid)];
  const load = await wrk(server.origin, file, connections, seconds);
  const after = [cpu(server.process.pid), cpu(cluster.pid)];
  for (const run of [warm, load]) {
    if (run.errors > 0) fail(`${server.name}: ${run.errors} errors under load`);
    if (run.requests === 0) fail(`${server.name}: no answers under load`);
  }
  // An answer that turned into an error has another length.
  const lengths = [warm, load].map((run) => run.bytes / run.requests);
  if (Math.abs(lengths[0] / lengths[1] - 1) > 0.1) fail(`${server.name}: answers of ${lengths.map(Math.round).join(" and ")} bytes`);
  // The process that only hands connections to PostGraphile's two is not counted against it.
  const served = server.kind === "postgraphile" ? family(server.process.pid).slice(1) : family(server.process.pid);
  return {
    rps: load.requests / (load.duration / 1e6),
    p50: load.p50 / 1e3,
    p99: load.p99 / 1e3,
    cpuServer: ((after[0] - before[0]) / load.requests) * 1e6,
    cpuDatabase: ((after[1] - before[1]) / load.requests) * 1e6,
    memory: resident(served),
    bytes: lengths[1],
    requests: load.requests + warm.requests,
  };
}
