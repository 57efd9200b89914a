import type { Verdict } from "../../contracts/contract.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import { keyOf } from "../schedule-key.ts";
import { scheduleOf } from "../space.ts";
import type { Exploration, FailingClass, GridValue, Repeats, Tried } from "../exploration.ts";

/** What explorations made by hand are put together from. */

export const GRID: readonly GridValue[] = [
  { ms: 0, reason: "one right after the other" },
  { ms: 500, reason: "daprd dials the app's port again (0.1 s, daprd.md §1 E)" },
  { ms: 4000, reason: "daprd no longer waits for the answer to OPTIONS (3 s, daprd.md §1.1)" },
  { ms: 7000, reason: "daprd no longer waits for a component's init (5 s, daprd.md §1.3)" },
  { ms: 12_000, reason: "daprd no longer tries to get a port that is taken (10 s, daprd.md §6)" },
];

const CONTRACTS = [
  { name: "siteStarts", promise: "The site reaches Started within its limit." },
  { name: "bindingsActive", promise: "Every input binding becomes active." },
  { name: "stopsGracefully", promise: "Everything ends by itself in the grace." },
];

export const ALL: Repeats = { runs: 20, broken: 20, interval: [0.832, 1] };
export const NONE: Repeats = { runs: 20, broken: 0, interval: [0, 0.168] };

export const STORAGE_LATE = 'bindingsActive: component "blob" not loaded';
export const NOT_GRACEFUL = 'stopsGracefully: container "main" killed at the end of the grace';

/** What is common to all of them; nothing tried. */
export function exploration(changed: Partial<Exploration>): Exploration {
  return {
    sitecar: "exploration/1",
    site: "example",
    inputs: ["fixtures/sites/example"],
    version: "0.1.0",
    began: "2026-11-24T18:00:00.000Z",
    tookMs: 240_000,
    seed: 1,
    budgetMs: 300_000,
    containers: ["storage", "main", "dapr"],
    grid: GRID,
    disturbances: [],
    contracts: CONTRACTS,
    points: changed.tried?.length ?? 0,
    leftOut: [],
    tried: [],
    classes: [],
    figures: {
      trials: 180,
      repeated: 3,
      benches: 6,
      mostAtOnce: 6,
      lateness: { medianMs: 4, p95Ms: 31, mostMs: 88 },
      processorSeconds: 212.4,
      engineCalls: 4100,
      memoryBytes: 1_288_490_188,
    },
    differences: ["cron bindings at @every 1s"],
    ...changed,
  };
}

/** The schedule of an order with its gaps, as the space makes it. */
export function starts(order: readonly string[], gapsMs: readonly number[]): Schedule {
  return scheduleOf(order, gapsMs);
}

export function tried(
  order: readonly string[],
  gapsMs: readonly number[],
  rest: Partial<Tried> & { readonly verdict: Verdict } = { verdict: "held" },
): Tried {
  const schedule = starts(order, gapsMs);
  const key = keyOf(schedule);
  const run = key.replaceAll(/[^a-z0-9]+/g, "-");
  return {
    key,
    schedule,
    order,
    gapsMs,
    classes: [],
    runDirectory: `/tmp/explorations/one/runs/${run}`,
    tookMs: 9400,
    latenessMs: 12,
    ...rest,
  };
}

export function failingClass(
  changed: Partial<FailingClass> & Pick<FailingClass, "contract" | "symptom">,
): FailingClass {
  const key = `${changed.contract}: ${changed.symptom}`;
  const file = `.sitecar/explorations/one/${key.replaceAll(/[^a-z]+/gi, "-")}.json`;
  return {
    key,
    points: 12,
    smallest: starts(["dapr", "storage", "main"], [7000, 0]),
    evidence: [],
    judgement: "order-determined",
    repeats: ALL,
    ...(changed.judgement === "always" ? {} : { heldRepeats: NONE }),
    diagnoses: [],
    runDirectory: "/tmp/explorations/one/runs/smallest",
    scheduleFile: file,
    replayCommand: `sitecar replay ${file}`,
    ...changed,
  };
}

/** All of the example's. */
export const ORDERS = [
  ["storage", "main", "dapr"],
  ["storage", "dapr", "main"],
  ["main", "storage", "dapr"],
  ["main", "dapr", "storage"],
  ["dapr", "storage", "main"],
  ["dapr", "main", "storage"],
];
