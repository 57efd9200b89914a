import { distributionOf, type Distribution } from "../../shared/distribution.ts";
import { isExcused, missedTicks } from "../due-ticks.ts";
import { originOf } from "../observation.ts";
import { overlapsOf } from "../overlaps.ts";
import { postsAgain } from "../posts-again.ts";
import type { RunRecord } from "../run-record.ts";
import { isSuccess } from "./exchanges.ts";
import { phasesOf, type PhaseChange } from "./phase-changes.ts";
import { seenBindings, type SeenBinding, type SeenLife } from "./seen-binding.ts";
import {
  concurrencyOf,
  firstTickOf,
  reached,
  stepsOf,
  ticksTooMany,
  type Concurrency,
  type FirstTick,
} from "./tick-steps.ts";
import { virtualCadence } from "./virtual-cadence.ts";

/** The cadence of a cron binding in one instance, over all lives of its daprd. Times and lengths are in ms. */
export interface Cadence extends Concurrency {
  readonly component: string;
  readonly instance: string;
  /** As the component file states it. */
  readonly schedule: string;
  /**
   * `counters`: the wire was not seen, and daprd's counters are read every tenth of a second. `virtual`: cron followed virtual
   * time, whose clock knows each tick; intervals are in that time, and there is neither jitter nor a phase.
   */
  readonly seen: "wire" | "counters" | "virtual";
  /** How exact times are. */
  readonly goodToMs: number;
  /** Ticks that the app was called for. */
  readonly ticks: number;
  /** Ticks that daprd counted as failed and that reached nobody: the connection was refused. Not told by counters alone: 0. */
  readonly unreached: number;
  /** Of both, those without success while nothing disturbed the site. */
  readonly failed: number;
  /** The first tick of each life that had an undisturbed one. */
  readonly firstTicks: readonly FirstTick[];
  /** From tick to tick, where nothing disturbed the site and none was missed between. `null`: no two such ticks. */
  readonly intervalMs: Distribution | null;
  /** How far these ticks are from when they were due: one interval after the tick before, or by the wall clock. */
  readonly jitterMs: Distribution | null;
  /** Due ticks that did not come, while nothing disturbed the site. */
  readonly missed: number;
  /** Some of {@link missed} may have been under way at the end. */
  readonly missedUncertain: boolean;
  /** Posts of a tick after its answer of success, and ticks that no due time accounts for. */
  readonly duplicated: number;
  /** Posts of a tick after one that failed, as a retry policy makes them. Not told by counters: 0. */
  readonly retried: number;
  /** Before and after each restart of daprd and each outage that had ticks on both sides. */
  readonly phases: readonly PhaseChange[];
}

/**
 * The figures of a cron binding's ticks, for each instance that had it: by the wire, where the run had a tap, else by daprd's counters.
 * Empty: no sidecar's files have a cron binding of this name with a schedule that daprd takes.
 */
export function cadenceOf(record: RunRecord, component: string): readonly Cadence[] {
  return seenBindings(record, component).map((binding) => cadenceOfBinding(record, binding));
}

export function cadenceOfBinding(record: RunRecord, binding: SeenBinding): Cadence {
  if (record.plan.virtualTime !== undefined) return virtualCadence(record, binding);
  const originMs = originOf(record);
  const { component, instance, lives, seen } = binding;
  const missed = lives.map((life) =>
    missedTicks(life.binding, { untilMs: record.observedUntilMs, originMs }),
  );
  const steps = lives.flatMap((life) => stepsOf(life, originMs));
  const concurrency = lives.map((life) => concurrencyIn(record, life, originMs));
  return {
    component,
    instance,
    schedule: lives[0]?.binding.component.metadata["schedule"] ?? "",
    seen,
    goodToMs: seen === "wire" ? 1 : Math.max(0, ...lives.map(({ binding: { goodToMs } }) => goodToMs)),
    ticks: sum(lives.map((life) => reached(life).length + unseenOf(life))),
    unreached: sum(lives.map(({ unreached }) => unreached.length)),
    failed: sum(lives.map((life) => failedIn(life, originMs))),
    firstTicks: lives.flatMap((life) => firstTickOf(life, originMs)),
    intervalMs: distributionOf(steps.map(({ intervalMs }) => intervalMs)),
    jitterMs: distributionOf(steps.map(({ jitterMs }) => jitterMs)),
    missed: sum(missed.map((one) => one?.count ?? 0)),
    missedUncertain: missed.some((one) => one?.certain === false),
    duplicated: sum(lives.map((life) => duplicatedIn(record, life, originMs))),
    retried: sum(lives.map(({ ticks }) => sum((ticks ?? []).map(({ posts }) => againAfter(posts, false))))),
    overlapping: sum(concurrency.map(({ overlapping }) => overlapping)),
    mostAtOnce: Math.max(0, ...concurrency.map(({ mostAtOnce }) => mostAtOnce)),
    phases: phasesOf(record, binding),
  };
}

function unseenOf({ binding: { unseen } }: SeenLife): number {
  return unseen.success + unseen.failed;
}

function failedIn({ binding, ticks, unreached }: SeenLife, originMs: number): number {
  const failed =
    ticks === undefined
      ? binding.calls.filter(({ success }) => !success)
      : [
          ...unreached,
          ...ticks
            .filter(({ success }) => success === false)
            .map((tick) => ({ ...tick, doneMs: tick.doneMs ?? tick.calledMs })),
        ];
  const atEnd = { fromMs: binding.life.toMs - binding.goodToMs, toMs: binding.life.toMs };
  const late = isExcused(binding, atEnd, originMs) ? 0 : binding.unseen.failed;
  return (
    late +
    failed.filter(({ calledMs, doneMs }) => !isExcused(binding, { fromMs: calledMs, toMs: doneMs }, originMs))
      .length
  );
}

function duplicatedIn(record: RunRecord, life: SeenLife, originMs: number): number {
  if (life.ticks === undefined) {
    const again = postsAgain(record, life.binding);
    return again === undefined ? 0 : again.posts - again.delivered;
  }
  return ticksTooMany(life, originMs) + sum(life.ticks.map(({ posts }) => againAfter(posts, true)));
}

/** Posts of a tick whose predecessor had success, or had not. */
function againAfter(posts: readonly Parameters<typeof isSuccess>[0][], success: boolean): number {
  return posts.slice(0, -1).filter((post) => isSuccess(post) === success).length;
}

function concurrencyIn(record: RunRecord, life: SeenLife, originMs: number): Concurrency {
  if (life.ticks !== undefined) return concurrencyOf(life.binding, reached(life), originMs);
  const { slow, together } = overlapsOf(record, life.binding);
  const any = life.binding.calls.length > 0 ? 1 : 0;
  return {
    overlapping: slow.length + Math.max(0, together - 1),
    mostAtOnce: Math.max(any, together, slow.length > 0 ? 2 : 0),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
