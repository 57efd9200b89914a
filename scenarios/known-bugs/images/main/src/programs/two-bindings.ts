import { setTimeout as passed } from "node:timers/promises";
import { route, serve, type Handler } from "../serve.ts";

/** Beyond daprd's 3 s. */
const SLOW_MS = 4_000;

/**
 * The bug: one route answers OPTIONS too late. daprd then asks for no binding any more, and it asks in no particular order, so
 * that the other one is called in about every second run (daprd.md §1.1).
 */
export async function run(): Promise<void> {
  const slow: Handler = async () => {
    await passed(SLOW_MS);
    return 200;
  };
  await serve({
    routes: new Map([...route("/quick", () => 200), ["POST /slow", () => 200], ["OPTIONS /slow", slow]]),
  });
}
