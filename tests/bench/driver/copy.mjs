// Copies the rows of a PostgreSQL database into a migrated SQLite file. Run with the Node that the peer brings, which has
// SQLite in it: node copy.mjs POSTGRES-URL FILE
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";

const [url, file] = process.argv.slice(2);
const TABLES = ["organisation", "app_user", "resource_centre", "person", "child", "case", "case_service", "visit"];
const UNESCAPED = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" };

/** How a value of a PostgreSQL type stands in SQLite. */
const READ = {
  uuid: (text) => Buffer.from(text.replaceAll("-", ""), "hex"),
  bool: (text) => (text === "t" ? 1 : 0),
  int4: Number,
  float8: Number,
  timestamptz: (text) => text.replace(" ", "T").replace(/\+00$/, "+00:00"),
};
const asIs = (text) => text;

function columns(table) {
  const sql = `SELECT column_name, udt_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '${table}' ORDER BY ordinal_position`;
  const asked = spawnSync("psql", ["-qAtX", "-F", " ", "-c", sql, url], { encoding: "utf8" });
  if (asked.status !== 0) throw new Error(asked.stderr);
  return asked.stdout.trim().split("\n").map((line) => line.split(" "));
}

async function copy(database, table) {
  const found = columns(table);
  const names = found.map(([name]) => `"${name}"`).join(", ");
  const read = found.map(([, type]) => READ[type] ?? asIs);
  const insert = database.prepare(`INSERT INTO "${table}" (${names}) VALUES (${found.map(() => "?").join(", ")})`);
  const rows = spawn("psql", ["-qX", "-c", `COPY (SELECT ${names} FROM "${table}" ORDER BY organisation_id, ${found.some(([name]) => name === "id") ? "id" : "1"}) TO STDOUT`, url], { env: { ...process.env, PGOPTIONS: "-c timezone=UTC" }, stdio: ["ignore", "pipe", "inherit"] });
  let count = 0;
  for await (const line of createInterface({ input: rows.stdout, crlfDelay: Infinity })) {
    const values = line.split("\t").map((text, place) => (text === "\\N" ? null : read[place](text.includes("\\") ? text.replace(/\\(.)/g, (_, letter) => UNESCAPED[letter] ?? letter) : text)));
    insert.run(...values);
    count += 1;
  }
  return count;
}

const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
database.exec("PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -524288");
// Indexes that no constraint needs are built when the rows are there.
const indexes = database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").all();
const ours = indexes.filter(({ sql }) => TABLES.some((table) => sql.includes(`ON "${table}"`)));
for (const { name } of ours) database.exec(`DROP INDEX "${name}"`);
database.exec("BEGIN");
for (const table of TABLES) console.error(`copy: ${table} ${await copy(database, table)}`);
database.exec("COMMIT");
for (const { sql } of ours) database.exec(sql);
database.exec("ANALYZE; PRAGMA journal_mode = wal");
database.close();
