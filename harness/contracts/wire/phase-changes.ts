import type { Call } from "../binding-lives.ts";
import type { Disturbance } from "../disturbances.ts";
import { asksAppHealth } from "../due-ticks.ts";
import { originOf } from "../observation.ts";
import type { RunRecord } from "../run-record.ts";
import { lastDueMs } from "./due-times.ts";
import type { SeenBinding, SeenLife } from "./seen-binding.ts";
import { exact, reached } from "./tick-steps.ts";

/**
 * Where in the interval ticks come, before and after something happened: of `@every` how long after the wall clock's last whole
 * multiple of the interval, of other schedules how long after they were due.
 */
export interface PhaseChange {
  /** For example `"main" is killed`; several that lie between the same ticks are joined by `, `. */
  readonly what: string;
  /** Of the last tick before and the first one after, in ms since the run began. */
  readonly lastMs: number;
  readonly firstMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  /** The shorter way from one to the other; negative: earlier. */
  readonly shiftMs: number;
  /** Of `@every`: daprd counted the interval anew, or stood still, so a shift is its nature (daprd.md §1.2, §2). */
  readonly beganAnew: boolean;
  /** Ticks that lie between, by the schedule; each may drift. Of a wall clock's 0. */
  readonly intervals: number;
}

interface Placed {
  readonly call: Call;
  readonly life: SeenLife;
}

/** Of each restart of daprd and each outage that had ticks on both sides, in their order. */
export function phasesOf(record: RunRecord, { container, lives }: SeenBinding): readonly PhaseChange[] {
  const calls = lives
    .flatMap((life) => reached(life).map((call): Placed => ({ call, life })))
    .toSorted((one, other) => one.call.calledMs - other.call.calledMs);
  const found = happenings(container, lives).flatMap(({ what, fromMs, backMs }) => {
    const before = calls.findLast(({ call }) => call.calledMs < fromMs);
    const after = calls.find(({ call }) => call.calledMs >= backMs);
    return before === undefined || after === undefined ? [] : [{ what, before, after }];
  });
  const alike = Map.groupBy(found, ({ before, after }) => `${before.call.calledMs} ${after.call.calledMs}`);
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const whats = [...new Set(same.map(({ what }) => what))];
    return [changeOf(record, container, { ...first, whats })];
  });
}

type Happening = Pick<Disturbance, "what" | "fromMs" | "backMs">;

/** What disturbed the binding, and ends of its daprd that nobody asked for. */
function happenings(container: string, lives: readonly SeenLife[]): readonly Happening[] {
  const outages = (lives[0]?.binding.disturbances ?? []).filter(
    ({ kind, backMs }) => kind === "outage" && backMs < Number.POSITIVE_INFINITY,
  );
  const ends = lives.flatMap(({ binding: { life } }, index): Happening[] => {
    const next = lives[index + 1];
    if (life.exit?.asked !== false || next === undefined) return [];
    return [{ what: `"${container}" ends`, fromMs: life.toMs, backMs: next.binding.life.fromMs }];
  });
  return [...outages, ...ends].toSorted((one, other) => one.fromMs - other.fromMs);
}

/** Faults that stop a container, daprd perhaps, or take its processor away. */
const STOPPING = /^fault (?:container|memory|processor)-/;

function changeOf(
  record: RunRecord,
  container: string,
  {
    before,
    after,
    whats,
  }: { readonly before: Placed; readonly after: Placed; readonly whats: readonly string[] },
): PhaseChange {
  const { schedule } = after.life.binding;
  const originMs = originOf(record);
  const beforeMs = exact(phaseOf(before, originMs));
  const afterMs = exact(phaseOf(after, originMs));
  const shift = afterMs - beforeMs;
  const isInterval = schedule.kind === "interval";
  return {
    what: whats.join(", "),
    lastMs: before.call.calledMs,
    firstMs: after.call.calledMs,
    beforeMs,
    afterMs,
    shiftMs: exact(
      isInterval ? shift - Math.round(shift / schedule.intervalMs) * schedule.intervalMs : shift,
    ),
    beganAnew:
      isInterval &&
      (before.life !== after.life ||
        asksAppHealth(after.life.binding) ||
        whats.some((what) => what.startsWith(`"${container}" `) || STOPPING.test(what))),
    intervals: isInterval
      ? Math.round((after.call.calledMs - before.call.calledMs) / schedule.intervalMs)
      : 0,
  };
}

function phaseOf({ call: { calledMs }, life: { binding } }: Placed, originMs: number): number {
  const wallMs = originMs + calledMs;
  if (binding.schedule.kind === "interval") return wallMs % binding.schedule.intervalMs;
  return wallMs - (lastDueMs(binding, wallMs) ?? wallMs);
}
