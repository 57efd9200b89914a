import { readdir } from "node:fs/promises";
import path from "node:path";

import { check } from "../../contracts/check.ts";
import type { Contract, Judgement } from "../../contracts/contract.ts";
import { readRunRecord } from "../../contracts/read-run-record.ts";
import type { RunRecord } from "../../contracts/run-record.ts";
import { SitecarError } from "../../errors/index.ts";
import type { Schedule } from "../../schedule/schedule.ts";

/** How many of the newest runs are looked at. */
const RUNS_LOOKED_AT = 20;

/** Among the runs beside this one: the one of the same site in which the contract holds and whose schedule is most alike. */
export async function nearestHeldRun(
  record: RunRecord,
  judgement: Judgement,
  contracts: readonly Contract[],
): Promise<RunRecord | undefined> {
  const root = path.dirname(record.runDirectory);
  const names = (await readdir(root)).filter(
    (name) => name !== "latest" && name !== path.basename(record.runDirectory),
  );
  let nearest: { readonly run: RunRecord; readonly distance: number } | undefined;
  for (const name of names.toSorted().toReversed().slice(0, RUNS_LOOKED_AT)) {
    const run = await readable(path.join(root, name));
    if (run === undefined || run.plan.site !== record.plan.site) continue;
    const same = check(contracts, run).filter(({ contract }) => contract === judgement.contract);
    if (same.length === 0 || same.some(({ verdict }) => verdict !== "held")) continue;
    const distance = distanceOf(run.plan.schedule, record.plan.schedule);
    if (nearest === undefined || distance < nearest.distance) nearest = { run, distance };
  }
  return nearest?.run;
}

/** A folder that holds no run that can be judged is none to compare with. */
async function readable(directory: string): Promise<RunRecord | undefined> {
  try {
    return await readRunRecord(directory);
  } catch (error) {
    if (error instanceof SitecarError && error.code === "RUN_UNREADABLE") return undefined;
    throw error;
  }
}

/** By how much the starts differ in all, in ms; a start or a step that only one has counts for a minute. */
function distanceOf(one: Schedule, other: Schedule): number {
  const containers = new Set([...one.starts, ...other.starts].map(({ container }) => container));
  const starts = [...containers].map((container) => {
    const [a, b] = [one, other].map(
      ({ starts: all }) => all.find((start) => start.container === container)?.atMs,
    );
    if (a === b) return 0;
    return typeof a === "number" && typeof b === "number" ? Math.abs(a - b) : 60_000;
  });
  const [steps, others] = [one.steps ?? [], other.steps ?? []].map((all) =>
    all.map((step) => JSON.stringify(step)),
  );
  const different = [...(steps ?? []), ...(others ?? [])].filter(
    (step) => steps?.includes(step) !== others?.includes(step),
  );
  return starts.reduce((sum, ms) => sum + ms, 60_000 * different.length);
}
