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

/** Markdown: the machine, ratios against the first contender's rivals, then every figure. */
export function markdown(result) {
  const { machine: its, options } = result;
  const lines = [
    `Measured ${its.date} UTC on ${its.cpu}, ${its.memoryGb} GB, ${its.kernel}; load before: ${its.load}. PostgreSQL ${its.postgres}, ${its.rust}, Node ${its.node}, ${its.wrk}. ` +
      `Commit ${its.commit}. Data: scale ${options.scale}; ${options.rounds} rounds of ${options.seconds} s, medians.`,
  ];
  for (const [connections, perWorkload] of Object.entries(result.connections)) {
    lines.push("", `### ${connections} connections`, "", ...ratios(perWorkload), "", ...everything(perWorkload));
  }
  return lines.join("\n") + "\n";
}

function ratios(perWorkload) {
  const rivals = [...new Set(Object.values(perWorkload).flatMap((cell) => Object.keys(cell)))].filter((name) => name !== "lanpya");
  if (rivals.length === 0) return [];
  const head = rivals.flatMap((name) => [`rps ÷ ${name}`, `p99 ÷ ${name}`, `memory ÷ ${name}`]);
  const rows = Object.entries(perWorkload).map(([workload, cell]) => {
    const ratio = (figure, name) => (cell.lanpya && cell[name] ? number(cell.lanpya[figure] / cell[name][figure]) : "–");
    const values = rivals.flatMap((name) => ["rps", "p99", "memory"].map((figure) => ratio(figure, name)));
    return `| ${workload} ${workloads[workload].about} | ${values.join(" | ")} |`;
  });
  return [`| Lanpya | ${head.join(" | ")} |`, `|---|${head.map(() => "---:|").join("")}`, ...rows];
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
