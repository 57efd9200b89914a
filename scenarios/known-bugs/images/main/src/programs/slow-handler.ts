import { setTimeout as passed } from "node:timers/promises";
import { route, serve } from "../serve.ts";

/** The site's interval is 1 s. */
const WORK_MS = 2_500;

/** The bug: a tick's work takes longer than the interval, and daprd does not wait for it (daprd.md §2). */
export async function run(): Promise<void> {
  await serve({ routes: new Map(route("/batch", handle)) });
}

async function handle(): Promise<number> {
  await passed(WORK_MS);
  return 200;
}
