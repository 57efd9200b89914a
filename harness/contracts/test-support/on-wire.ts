import { expect } from "vitest";

import type { Judgement } from "../contract.ts";
import type { RunRecord } from "../run-record.ts";
import type { CadenceBounds } from "../wire/cadence-bounds.ts";
import { cadence } from "../wire/cadence.ts";
import { checked } from "./checked.ts";
import type { ExampleRun } from "./example-run.ts";
import { run } from "./judged.ts";
import { ticks, type Moment, type Ticks } from "./moments.ts";
import { posts, tapped, type Posted } from "./wire.ts";

/** What daprd's cron does at `@every 1s`: about a millisecond more from tick to tick. */
export const REGULAR = [2999, 4000, 5001, 6002, 7003];

export interface OnWire extends Partial<ExampleRun> {
  readonly posted?: Posted;
  /** Of daprd's counters, where they are not as the posts. */
  readonly counted?: readonly Moment[];
}

/** A run whose wire has these ticks; daprd counts them unless it is told otherwise. */
export function onWire(
  times: readonly number[],
  { posted = {}, counted, moments = [], ...more }: OnWire = {},
): RunRecord {
  return run(counted ?? countedAt(times, { success: (posted.status ?? 200) < 300 }), {
    ...more,
    moments: [...tapped(), ...posts(times, posted), ...moments],
  });
}

export function countedAt(times: readonly number[], more: Partial<Ticks> = {}): readonly Moment[] {
  return times.flatMap((firstMs) => ticks({ ...more, firstMs, count: 1 }));
}

export function judgeCadence(record: RunRecord, bounds: CadenceBounds = {}): Judgement | undefined {
  const [judgement, ...others] = checked([cadence("batch", bounds)], record);
  expect(others).toEqual([]);
  return judgement;
}

export function brokenBy(record: RunRecord, bounds: CadenceBounds = {}): readonly (string | undefined)[] {
  return checked([cadence("batch", bounds)], record)
    .filter(({ verdict }) => verdict === "broken")
    .map(({ symptom }) => symptom);
}
