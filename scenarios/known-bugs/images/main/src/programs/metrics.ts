import { createServer } from "node:http";
import { setTimeout as passed } from "node:timers/promises";
import { print } from "../print.ts";
import { route, serve } from "../serve.ts";

/** Prometheus' usual port for an exporter, and daprd's own for its metrics. */
const METRICS_PORT = 9090;
/** It serves them when it has the first ones. */
const FIRST_METRICS_MS = 1000;

/** The bug: its metrics are on daprd's port. It goes on without them when it comes second; daprd does not. */
export async function run(): Promise<void> {
  const metrics = createServer((_, response) => response.end("up 1\n"));
  metrics.on("error", (error) => print(`goes on without metrics: ${error.message}`));
  metrics.unref();
  await serve({ routes: new Map(route("/batch", () => 200)) });
  await passed(FIRST_METRICS_MS, undefined, { ref: false });
  metrics.listen(METRICS_PORT, () => print("metrics are served"));
}
