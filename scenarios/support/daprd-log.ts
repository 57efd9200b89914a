/**
 * When daprd first said something that begins so, by its own clock, in milliseconds since the epoch: how long it took for what it
 * did is in its log, however late somebody else looked.
 * @param log lines of daprd's with `--log-as-json`, and others between them.
 * @throws {Error} it said nothing such.
 */
export function daprdSaidAtMs(log: string, beginning: string): number {
  const line = log.split("\n").find((one) => one.includes(`"msg":"${beginning}`));
  const time = /"time":"(?<time>[^"]+)"/.exec(line ?? "")?.groups?.["time"];
  if (time === undefined) throw new Error(`daprd did not say "${beginning}"`);
  return Date.parse(time);
}

/** From daprd's first line to its last, by its own clock: neither a container's start nor a late look is in it. */
export function daprdLoggedForMs(log: string): number {
  const times = log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => Date.parse((JSON.parse(line) as { readonly time: string }).time))
    .filter((time) => !Number.isNaN(time));
  return Math.max(...times) - Math.min(...times);
}

/** What daprd says when its metrics are up, before it initialises its components (daprd.md §1). */
export const METRICS_UP = "metrics server started on";

/** The last that it says when it ends by itself with 1. */
export const FATAL = "Fatal error from runtime";
