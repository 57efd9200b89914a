import { setTimeout as passed } from "node:timers/promises";
import { loadClient, writeBlob } from "../blobs.ts";
import { route, serve } from "../serve.ts";

/** Well within the interval of 1 s. */
const WORK_MS = 450;

/**
 * The bug is the sidecar's: on SIGTERM its API closes at once, while it still waits for the answer to a tick (daprd.md §1.4).
 * What the handler writes after that is lost, however gracefully it ends.
 */
export async function run(): Promise<void> {
  await loadClient();
  await serve({ routes: new Map(route("/batch", handle)) });
}

async function handle(): Promise<number> {
  await passed(WORK_MS);
  await writeBlob();
  return 200;
}
