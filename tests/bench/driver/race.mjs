// Contenders against each other: equal answers first, then rounds of load in which they take turns.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tokens as mint } from "./contenders.mjs";
import { codeOf } from "./database.mjs";
import { fail, say } from "./house.mjs";
import { answers, ask, measure } from "./load.mjs";
import { ASKING, facts, requests, workloads } from "./workloads.mjs";

const FRESH = 20 * 60_000;

/** Who asks: the first organisations of the data, with what their requests name and tokens that are good. */
export class Askers {
  constructor({ cluster, database, lanpya, folder, count = ASKING }) {
    this.codes = Array.from({ length: count }, (_, place) => codeOf(place));
    this.facts = this.codes.map((_, place) => facts(cluster, database, place));
    this.mint = () => mint(lanpya, folder, this.codes);
    this.minted = 0;
  }

  get tokens() {
    if (Date.now() - this.minted > FRESH) {
      this.held = this.mint();
      this.minted = Date.now();
    }
    return this.held;
  }

  requests(server, workload) {
    return requests(workload, server.kind, this.facts);
  }
}

export class Race {
  constructor({ servers, askers, cluster, database, folder, options }) {
    Object.assign(this, { servers, askers, cluster, database, folder, options });
    this.statements = {};
  }

  /** All rounds; each cell with its figures. */
  async run() {
    const { only, rounds, connections } = this.options;
    for (const workload of only) {
      await this.compare(workload);
      for (const server of this.servers) this.statements[`${workload} ${server.name}`] = await this.count(server, workload);
      say(`${workload}: equal answers; statements ${this.servers.map((one) => `${one.name} ${this.statements[`${workload} ${one.name}`] ?? "–"}`).join(", ")}`);
    }
    // What writes comes last in every round; contenders take turns in being first.
    const order = only.toSorted((a, b) => Number(Boolean(workloads[a].writes)) - Number(Boolean(workloads[b].writes)));
    const cells = [];
    for (let round = 0; round < rounds; round++) {
      for (const many of connections) {
        for (const workload of order) {
          for (const server of round % 2 ? this.servers.toReversed() : this.servers) cells.push(await this.cell(server, workload, many, round));
          if (!workloads[workload].writes) await this.compare(workload);
        }
      }
    }
    return cells;
  }

  async cell(server, workload, connections, round) {
    const { writes } = workloads[workload];
    const before = writes ? this.logged() : 0;
    const asked = this.askers.requests(server, workload);
    const { cluster, folder } = this;
    const figures = await measure({ server, cluster, requests: asked, tokens: this.askers.tokens, connections, seconds: this.options.seconds, folder });
    if (writes) wrote(server, figures, this.logged() - before, connections);
    say(
      `round ${round + 1}, ${connections} connections, ${workload} ${server.name}: ${figures.rps.toFixed(0)}/s, p99 ${figures.p99.toFixed(1)} ms, ` +
        `CPU ${figures.cpuServer.toFixed(0)} + ${figures.cpuDatabase.toFixed(0)} µs, ${figures.memory.toFixed(0)} MB`,
    );
    return { round, connections, workload, contender: server.name, statements: this.statements[`${workload} ${server.name}`] ?? null, ...figures };
  }

  logged() {
    return Number(this.cluster.ask("SELECT count(*) FROM visit WHERE ticket LIKE 'BENCH-%'", this.database));
  }

  /** The same rows and values from every contender, or the run is void. */
  async compare(workload) {
    let first = null;
    for (const server of this.servers) {
      const found = await answers(server, this.askers.requests(server, workload), this.askers.tokens, workloads[workload]);
      first ??= found;
      found.forEach((text, place) => {
        if (text === first[place]) return;
        writeFileSync(join(this.folder, "one.json"), first[place]);
        writeFileSync(join(this.folder, "other.json"), text);
        fail(`${workload}: ${this.servers[0].name} and ${server.name} answer differently: see ${this.folder}/one.json and other.json`);
      });
    }
  }

  /**
   * Statements per request among requests that come at once, as the database counts them: BEGIN, context and COMMIT are
   * among them, and what many requests share is shared. The least of three tries: who asks is looked up again every few
   * seconds, and that is not the request's.
   */
  async count(server, workload) {
    if (server.url.startsWith("sqlite:")) return null;
    const track = (what) => {
      this.cluster.ask(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
      this.cluster.ask("SELECT pg_reload_conf()");
    };
    const some = this.askers.requests(server, workload).slice(0, ASKING);
    const many = Array.from({ length: 128 }, (_, place) => some[place % some.length]);
    const counted = "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = 'bench_server'";
    const tries = [];
    track("top");
    for (let attempt = 0; attempt < 3; attempt++) {
      for (const request of some) await ask(server, request, this.askers.tokens);
      this.cluster.ask("SELECT pg_stat_statements_reset()", this.database);
      const waiting = many.slice();
      const worker = async () => {
        for (let request = waiting.pop(); request; request = waiting.pop()) await ask(server, request, this.askers.tokens);
      };
      await Promise.all(Array.from({ length: 16 }, worker));
      tries.push(Number(this.cluster.ask(counted, this.database)) / many.length);
    }
    track("none");
    return Math.round(Math.min(...tries) * 10) / 10;
  }
}

/** Every answered write is a row; those that were on their way at the end may be rows too. */
function wrote(server, { requests }, rows, connections) {
  if (rows < requests || rows > requests + 2 * connections) fail(`${server.name} answered ${requests} writes and left ${rows} rows`);
}
