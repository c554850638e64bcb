// Where things are, and how the driver speaks.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const bench = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const house = resolve(bench, "../..");

export const say = (text) => console.error(`tests/bench: ${text}`);

/** Ends the run: what is measured after an error counts for nothing. */
export function fail(text) {
  throw new Error(text);
}

export const median = (values) => {
  const sorted = values.filter((value) => value !== null && value !== undefined).toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
