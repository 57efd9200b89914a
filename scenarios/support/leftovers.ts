import { readdir } from "node:fs/promises";
import type { Engine } from "../../harness/runtime/engine/engine.ts";
import { findLeftovers, removeLeftovers, type Leftover } from "../../harness/runtime/leftovers.ts";
import { RUN_ID } from "../../harness/timeline/prune-runs.ts";

/** What runs left on the engine, or still have there: `container main`, sorted. @param runs run ids. */
export async function leftoversOf(engine: Engine, runs: readonly string[]): Promise<readonly Leftover[]> {
  const all = await findLeftovers(engine);
  return all.filter(({ runId }) => runs.includes(runId));
}

/** The ids of the runs whose records lie in a folder. */
export async function runsIn(runsDirectory: string): Promise<readonly string[]> {
  const names = await readdir(runsDirectory).catch(() => []);
  return names.filter((name) => RUN_ID.test(name)).toSorted();
}

/** Removes what a scenario's own runs left where the scenario failed, so that it disturbs no other. */
export async function removeRuns(engine: Engine, runs: readonly string[]): Promise<void> {
  await removeLeftovers(engine, await leftoversOf(engine, runs));
}
