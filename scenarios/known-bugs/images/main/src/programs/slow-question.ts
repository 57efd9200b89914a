import { setTimeout as passed } from "node:timers/promises";
import { route, serve } from "../serve.ts";

/** Beyond daprd's 3 s. */
const SLOW_MS = 4_000;

/**
 * The bug: one route answers OPTIONS too late. daprd then asks for no binding any more, and it asks in no particular order: which
 * of the others it has asked for before differs from start to start (daprd.md §1.1).
 */
export async function run(): Promise<void> {
  await serve({
    routes: new Map([
      ...route("/quick", () => 200),
      ...route("/report", () => 200),
      ["POST /slow", () => 200],
      ["OPTIONS /slow", slow],
    ]),
  });
}

async function slow(): Promise<number> {
  await passed(SLOW_MS);
  return 200;
}
