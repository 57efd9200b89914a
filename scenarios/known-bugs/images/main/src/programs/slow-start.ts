import { setTimeout as passed } from "node:timers/promises";
import { route, serve } from "../serve.ts";

const SLOW_FOR_MS = 5_000;

/** The bug: for the first seconds of its life nothing is answered, and daprd waits for OPTIONS 3 s only (dapr/dapr#10185). */
export async function run(): Promise<void> {
  const warm = passed(SLOW_FOR_MS);
  const before = async (): Promise<void> => void (await warm);
  await serve({ routes: new Map(route("/batch", () => 200)), before });
}
