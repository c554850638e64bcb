// A throwaway PostgreSQL with durable settings, and one database for each size of data.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bench, fail, house, say } from "./house.mjs";
import { postgresql } from "./postgresql.mjs";

const NAMESPACE = "0b5f6a527e0d5d4e9c0f6c616e707961";

/** What a size of the data holds: 1 is the whole of it. */
export function size(scale) {
  const organisations = Math.max(8, Math.round(50 * scale));
  return { scale, organisations, children: 200_000 * scale, visits: 1_000_000 * scale, name: `bench_${String(scale).replace(".", "_")}` };
}

/** The id that `entity::ids::organisation` makes from a code (UUIDv5). */
export function organisationId(code) {
  const hash = createHash("sha1").update(Buffer.from(NAMESPACE, "hex")).update(`organisation:${code}`).digest();
  hash[6] = (hash[6] & 0x0f) | 0x50;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  return hash.subarray(0, 16).toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const codeOf = (place) => `BENCH-${place}`;

export class Cluster {
  /** Starts one in a folder, or takes the one that runs there already. */
  constructor(folder, keep) {
    this.folder = folder;
    this.keep = keep;
    const url = join(folder, "url");
    if (existsSync(url)) {
      this.admin = readFileSync(url, "utf8").trim();
      if (this.answers()) return say(`PostgreSQL at ${this.admin}, kept from an earlier run`);
    }
    const given = { LANPYA_CLUSTER_SETTINGS: join(bench, "postgresql.conf"), LANPYA_POSTGRES: postgresql(folder) };
    const started = spawnSync(join(house, "tests/cluster"), ["start", folder], { encoding: "utf8", env: { ...process.env, ...given } });
    if (started.status !== 0) fail(`PostgreSQL does not start: ${started.stderr}`);
    this.admin = started.stdout.trim();
    say(`PostgreSQL at ${this.admin}`);
  }

  address(database, login = "postgres") {
    const url = new URL(this.admin);
    url.username = login;
    url.pathname = `/${database}`;
    return url.toString();
  }

  answers() {
    return spawnSync("psql", ["-qAtc", "SELECT 1", this.admin]).status === 0;
  }

  /** The answer of a statement, as text. */
  ask(sql, database = "postgres") {
    const asked = spawnSync("psql", ["-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql, this.address(database)], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (asked.status !== 0) fail(`${sql.slice(0, 200)}: ${asked.stderr}`);
    return asked.stdout.trim();
  }

  /** Runs a file of statements. */
  run(file, database, variables = {}) {
    const given = Object.entries(variables).flatMap(([key, value]) => ["-v", `${key}=${value}`]);
    const ran = spawnSync("psql", ["-qX", "-v", "ON_ERROR_STOP=1", ...given, "-f", file, this.address(database)], { encoding: "utf8" });
    if (ran.status !== 0) fail(`${file}: ${ran.stderr}`);
  }

  /** Process id of the server; its children are the backends. */
  get pid() {
    return Number(readFileSync(join(this.folder, "data/pg/postmaster.pid"), "utf8").split("\n")[0]);
  }

  /** The database of a size: migrated as a deployment is, filled by SQL. */
  fill(wanted, lanpya) {
    const { name, organisations, children, visits, cases = Math.round(children * 1.5) } = wanted;
    const there = this.ask(`SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '${name}'`);
    if (there === "filled") {
      this.migrate(name, lanpya);
      this.forget(name);
      return say(`${name}: kept`);
    }
    const began = Date.now();
    this.ask(`DROP DATABASE IF EXISTS ${name}`);
    this.ask(`CREATE DATABASE ${name}`);
    this.migrate(name, lanpya);
    this.ask("DO $$ BEGIN CREATE ROLE bench_server LOGIN IN ROLE lanpya_app; EXCEPTION WHEN duplicate_object THEN NULL; END $$", name);
    this.ask("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", name);
    const rows = Array.from({ length: organisations }, (_, place) => `(${place}, '${organisationId(codeOf(place))}', '${codeOf(place)}')`);
    this.ask(`CREATE TABLE bench_organisation (place int PRIMARY KEY, id uuid, code text); INSERT INTO bench_organisation VALUES ${rows.join(",")}`, name);
    this.run(join(bench, "data.sql"), name, { organisations, children: Math.round(children), visits: Math.round(visits), cases });
    this.run(join(bench, "postgraphile/functions.sql"), name);
    this.ask(`COMMENT ON DATABASE ${name} IS 'filled'; CHECKPOINT`);
    say(`${name}: filled in ${Math.round((Date.now() - began) / 1000)} s, ${this.ask(`SELECT pg_size_pretty(pg_database_size('${name}'))`)}`);
  }

  migrate(name, lanpya) {
    const migrated = spawnSync(lanpya, ["migrate", "--url", this.address(name)], { encoding: "utf8" });
    if (migrated.status !== 0) fail(`migrate: ${migrated.stderr}`);
  }

  /** Takes away what an earlier run wrote. The audit refuses that of everybody but the owner of the machine. */
  forget(name) {
    this.ask("SET session_replication_role = replica; DELETE FROM visit WHERE ticket LIKE 'BENCH-%'; DELETE FROM visitor WHERE ticket LIKE 'BENCH-%'; TRUNCATE audit_event", name);
    // What the planner knows of a table is of the moment it was last looked at: not of that at which it was empty.
    this.ask("VACUUM ANALYZE visit, visitor", name);
  }

  /** Reads what is hot into memory, so that the first cell does not pay for it. */
  warm(name) {
    const tables = ["child", '"case"', "case_service", "visit", "person"];
    this.ask(tables.map((table) => `SELECT count(*) FROM ${table} WHERE row_version > 0`).join("; "), name);
  }

  stop() {
    if (this.keep) return say(`PostgreSQL stays: tests/cluster stop ${this.folder}`);
    spawnSync(join(house, "tests/cluster"), ["stop", this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
