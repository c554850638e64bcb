// The figures as a table and as JSON.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { median } from "./house.mjs";
import { workloads } from "./workloads.mjs";

const FIGURES = ["rps", "p50", "p99", "cpuServer", "cpuDatabase", "statements", "memory"];

/** The median round of each cell: connections → workload → contender → figures. */
export function medians(cells) {
  const found = {};
  for (const cell of cells) {
    const place = ((found[cell.connections] ??= {})[cell.workload] ??= {});
    (place[cell.contender] ??= []).push(cell);
  }
  for (const perWorkload of Object.values(found)) {
    for (const perContender of Object.values(perWorkload)) {
      for (const [name, rounds] of Object.entries(perContender)) {
        perContender[name] = Object.fromEntries(FIGURES.map((figure) => [figure, rounded(median(rounds.map((round) => round[figure])))]));
      }
    }
  }
  return found;
}

const rounded = (value) => (value === null ? null : Number(value.toPrecision(4)));

function version(command, ...args) {
  return (spawnSync(command, args, { encoding: "utf8" }).stdout ?? "").split("\n")[0].trim();
}

/** What the figures were made on. */
export function machine(cluster, commit) {
  const wrk = (spawnSync("wrk", ["-v"], { encoding: "utf8" }).stdout ?? "").split(" Copyright")[0].trim();
  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? "?"}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: version("uname", "-sr"),
    load: readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" "),
    postgres: cluster?.ask("SHOW server_version") ?? null,
    rust: version("rustc", "--version"),
    node: process.version,
    wrk,
    commit,
  };
}

const number = (value) => (value === null || value === undefined ? "–" : value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3));

/** Markdown: the machine, ratios of Lanpya to the others, every figure. */
export function markdown(result) {
  const { machine: its, options } = result;
  const lines = [
    `Measured ${its.date} UTC on ${its.cpu}, ${its.memoryGb} GB, ${its.kernel}; load before: ${its.load}. PostgreSQL ${its.postgres}, ${its.rust}, Node ${its.node}, ${its.wrk}. ` +
      `Commit ${its.commit}. Data: scale ${options.scale}; ${options.rounds} rounds of ${options.seconds} s, medians.`,
    ...tables("", "lanpya", result.connections),
    ...tables(`SQLite, scale ${result.sqlite?.scale}, `, "sqlite", result.sqlite?.connections),
    ...small(result),
  ];
  return lines.join("\n") + "\n";
}

function tables(title, subject, connections = {}) {
  return Object.entries(connections).flatMap(([many, perWorkload]) => ["", `### ${title}${many} connections`, "", ...ratios(subject, perWorkload), "", ...everything(perWorkload)]);
}

function ratios(subject, perWorkload) {
  const rivals = [...new Set(Object.values(perWorkload).flatMap((cell) => Object.keys(cell)))].filter((name) => name !== subject);
  if (rivals.length === 0) return [];
  const head = rivals.flatMap((name) => [`rps ÷ ${name}`, `p99 ÷ ${name}`, `memory ÷ ${name}`]);
  const rows = Object.entries(perWorkload).map(([workload, cell]) => {
    const ratio = (figure, name) => (cell[subject] && cell[name] ? number(cell[subject][figure] / cell[name][figure]) : "–");
    const values = rivals.flatMap((name) => ["rps", "p99", "memory"].map((figure) => ratio(figure, name)));
    return `| ${workload} ${workloads[workload].about} | ${values.join(" | ")} |`;
  });
  return [`| ${subject} | ${head.join(" | ")} |`, `|---|${head.map(() => "---:|").join("")}`, ...rows];
}

/** The parts that are a few figures each. */
function small({ growth, start, statistics }) {
  const rows = [];
  for (const workload of ["W2", "W3"]) {
    const rates = Object.entries(growth?.[workload] ?? {}).toSorted(([a], [b]) => a - b);
    if (rates.length > 1) rows.push([`${workload}, requests/s at ${rates.map(([scale]) => scale).join(", ")}`, rates.map(([, rate]) => number(rate)).join(", "), `smallest ÷ largest ${number(rates[0][1] / rates.at(-1)[1])}`]);
  }
  if (growth?.deep) rows.push(["the first page, the second and the one after 10,000, requests/s", `${number(growth.deep.first)}, ${number(growth.deep.second)}, ${number(growth.deep.last)}`, `first ÷ last ${number(growth.deep.ratio)}`]);
  if (start) rows.push(["start to /readyz; second (first) start of a demo", `${number(start.readyMs)} ms; ${number(start.secondDemoMs)} (${number(start.firstDemoMs)}) ms`, ""]);
  if (statistics) rows.push(["W5, one organisation: row by row without help, with the indexes; as the server answers", `${number(statistics.unaidedMs)}, ${number(statistics.plainMs)}; ${number(statistics.askedMs)} ms`, `without help ÷ as answered ${number(statistics.ratio)}`]);
  return rows.length > 0 ? ["", "| | | |", "|---|---:|---:|", ...rows.map((row) => `| ${row.join(" | ")} |`)] : [];
}

function everything(perWorkload) {
  const rows = Object.entries(perWorkload).flatMap(([workload, cell]) =>
    Object.entries(cell).map(([name, its]) => `| ${workload} | ${name} | ${FIGURES.map((figure) => number(its[figure])).join(" | ")} |`),
  );
  return [
    "| | contender | requests/s | p50 ms | p99 ms | CPU server µs/request | CPU database µs/request | statements | memory MB |",
    "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ...rows,
  ];
}
