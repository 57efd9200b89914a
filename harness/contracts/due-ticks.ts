import { nextTick } from "../dapr/cron-ticks.ts";
import type { CronFields } from "../dapr/cron-schedule.ts";
import { READING_MS, type BindingLife, type Call } from "./binding-lives.ts";

/** With an app health check daprd looks again every 5 s, and begins the interval anew when the app is healthy (daprd.md §1.2). */
const HEALTH_PROBE_MS = 5500;

/** How much more than its interval a cron binding takes from tick to tick, at most: 1 ms was measured (daprd.md §2). */
const DRIFT = 0.005;
const MOST_DUE = 100_000;

export interface Missed {
  /** Ticks that were due and were not posted. */
  readonly count: number;
  /** When the first of them was due. */
  readonly firstMs: number;
  /** Nothing tells whether they are under way. */
  readonly certain: boolean;
}

/** A stretch of time that is not held against the site. */
interface Span {
  readonly fromMs: number;
  /** When everything was back. */
  readonly backMs: number;
  /** One interval later. */
  readonly untilMs: number;
}

/** The interval of a binding's ticks; of one by the wall clock, between the two ticks after the moment. */
export function intervalAt(
  { schedule, localZone }: Pick<BindingLife, "schedule" | "localZone">,
  wallMs: number,
): number {
  if (schedule.kind === "interval") return schedule.intervalMs;
  const next = nextTick(schedule, wallMs, localZone);
  const afterNext = next === undefined ? undefined : nextTick(schedule, next, localZone);
  return next === undefined || afterNext === undefined ? Number.POSITIVE_INFINITY : afterNext - next;
}

/** Whether something from `fromMs` to `toMs` happened while, or until one interval after, the site was disturbed. */
export function isExcused(
  binding: BindingLife,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  originMs: number,
): boolean {
  return spans(binding, originMs).some((span) => span.fromMs <= toMs && fromMs <= span.untilMs);
}

function spans(binding: BindingLife, originMs: number): readonly Span[] {
  const { disturbances } = binding;
  return disturbances.map(({ kind, fromMs, backMs }) => ({
    fromMs,
    backMs,
    untilMs: kind === "late" ? backMs : backMs + intervalAt(binding, originMs + fromMs) + READING_MS,
  }));
}

/** The ticks that were due within the observation and undisturbed, and were not posted. `undefined`: none. */
export function missedTicks(
  binding: BindingLife,
  { untilMs, originMs }: { readonly untilMs: number; readonly originMs: number },
): Missed | undefined {
  const { schedule, activeFromMs, life } = binding;
  if (activeFromMs === undefined) return undefined;
  const endMs = Math.min(untilMs, life.toMs);
  if (schedule.kind === "fields") return missedByClock(binding, schedule, { endMs, originMs });
  // A daprd that fires without a pause is not one that misses.
  if (schedule.intervalMs <= binding.goodToMs) return undefined;
  return overlaps(binding, schedule.intervalMs)
    ? missedByCount(binding, schedule.intervalMs, { endMs, originMs })
    : missedByGaps(binding, schedule.intervalMs, { endMs, originMs });
}

/** Calls that take as long as the interval: then counters read together mix up their times. */
function overlaps({ calls, goodToMs }: BindingLife, intervalMs: number): boolean {
  if (goodToMs < READING_MS) return false;
  return calls.some(({ calledMs, doneMs }) => doneMs - calledMs > intervalMs * 0.8);
}

interface Observed {
  readonly endMs: number;
  readonly originMs: number;
}

/** From tick to tick; each resets the interval. */
function missedByGaps(
  binding: BindingLife,
  intervalMs: number,
  { endMs, originMs }: Observed,
): Missed | undefined {
  const { calls, activeFromMs = 0 } = binding;
  const all = spans(binding, originMs);
  const froms = [
    ...(asksAppHealth(binding) && calls.length > 0 ? [] : [activeFromMs]),
    ...calls.map(({ calledMs }) => calledMs),
  ];
  const found: Missed[] = [];
  for (const [index, fromMs] of froms.entries()) {
    const nextMs = froms[index + 1];
    const toMs = nextMs ?? endMs;
    const freeFromMs = undisturbedFrom(binding, all, { fromMs, toMs });
    const freeMs = toMs - freeFromMs;
    if (nextMs !== undefined) {
      const count = freeMs > intervalMs * 1.5 + binding.goodToMs ? Math.round(freeMs / intervalMs) - 1 : 0;
      if (count > 0) found.push({ count, firstMs: freeFromMs + intervalMs, certain: true });
    } else found.push(...trailing(binding, intervalMs, { freeFromMs, endMs }));
  }
  return total(found);
}

/** What is due after the last tick that was told of. */
function trailing(
  { calls, unseen, pending, goodToMs }: BindingLife,
  intervalMs: number,
  { freeFromMs, endMs }: { readonly freeFromMs: number; readonly endMs: number },
): readonly Missed[] {
  // Without the counters of the end, a call may be under way as long as the longest was.
  const longestMs = pending === undefined ? Math.max(0, ...calls.map(durationOf)) : 0;
  const due = Math.floor((endMs - goodToMs - longestMs - freeFromMs) / (intervalMs * (1 + DRIFT)));
  const count = due - unseen.success - unseen.failed - (pending ?? 0);
  return count > 0 ? [{ count, firstMs: freeFromMs + intervalMs, certain: pending !== undefined }] : [];
}

/** All together; a single one goes unnoticed. */
function missedByCount(
  binding: BindingLife,
  intervalMs: number,
  { endMs, originMs }: Observed,
): Missed | undefined {
  const { calls, activeFromMs = 0, unseen, pending } = binding;
  if (pending === undefined) return undefined;
  const all = spans(binding, originMs);
  const disturbedMs = all.reduce(
    (sum, { fromMs, untilMs }) =>
      sum + Math.max(0, Math.min(untilMs, endMs) - Math.max(fromMs, activeFromMs)),
    0,
  );
  const due = Math.floor((endMs - READING_MS - activeFromMs - disturbedMs) / (intervalMs * (1 + DRIFT)));
  const count = due - calls.length - unseen.success - unseen.failed - pending - 1 - all.length;
  return count > 0 ? { count, firstMs: activeFromMs, certain: true } : undefined;
}

/** A schedule of the wall clock: each due tick has a call near it. */
function missedByClock(
  binding: BindingLife,
  schedule: CronFields,
  { endMs, originMs }: Observed,
): Missed | undefined {
  const { activeFromMs = 0, calls, unseen, pending, localZone } = binding;
  const open = [...calls];
  const missed: number[] = [];
  let dueMs = nextTick(schedule, originMs + activeFromMs + READING_MS, localZone);
  for (let index = 0; dueMs !== undefined && index < MOST_DUE; index++) {
    const atMs = dueMs - originMs;
    if (atMs > endMs - READING_MS) break;
    dueMs = nextTick(schedule, dueMs, localZone);
    const nearMs = Math.min(2 * READING_MS, ((dueMs ?? Number.POSITIVE_INFINITY) - originMs - atMs) / 2);
    const at = open.findIndex(({ calledMs }) => Math.abs(calledMs - atMs) <= nearMs);
    if (at !== -1) open.splice(at, 1);
    else if (!isExcused(binding, { fromMs: atMs, toMs: atMs }, originMs)) missed.push(atMs);
  }
  const [firstMs] = missed;
  const count = missed.length - unseen.success - unseen.failed - (pending ?? 0);
  return firstMs === undefined || count <= 0 ? undefined : { count, firstMs, certain: pending !== undefined };
}

/** From when on the next tick's interval counts, at the latest. */
function undisturbedFrom(
  binding: BindingLife,
  all: readonly Span[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): number {
  const health = asksAppHealth(binding) ? HEALTH_PROBE_MS : 0;
  return Math.max(
    fromMs,
    ...all
      .filter((span) => span.fromMs <= toMs && fromMs <= span.untilMs)
      .map(({ backMs }) => backMs + health),
  );
}

/** daprd was started with an app health check: its counters have the probes. */
export function asksAppHealth({ metrics }: Pick<BindingLife, "metrics">): boolean {
  return metrics?.samples.some(({ name }) => name.startsWith("dapr_http_healthprobes_")) ?? false;
}

function durationOf({ calledMs, doneMs }: Call): number {
  return doneMs - calledMs;
}

function total(found: readonly Missed[]): Missed | undefined {
  const [first] = found;
  if (first === undefined) return undefined;
  return {
    count: found.reduce((sum, { count }) => sum + count, 0),
    firstMs: first.firstMs,
    certain: found.some(({ certain }) => certain),
  };
}
