import { startsTakeMs } from "../../timeline/schedule-lateness.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import type { Moment } from "../../schedule/step.ts";
import type { Span } from "./timetable.ts";

/** From the call to a container's first instruction, with the engine to itself: 70–90 ms, made so much ahead; and a little. */
const LEAD_MS = 100;
/** What a container does in its first moments keeps the machine busy as well. */
const SETTLING_MS = 120;
const STEP_MS = 40;
/** A timer may fire so early, and an engine needs a moment to come to rest. */
const MARGIN_MS = 15;

/**
 * When a schedule keeps the engine busy. Steps that wait for something to be seen have no time, and none is kept for them.
 * @param workers how many run it at the same time.
 */
export function spansOf({ starts, steps = [] }: Schedule, workers = 1): readonly Span[] {
  const groups = Map.groupBy(
    starts.filter(({ atMs }) => atMs !== null),
    ({ atMs }) => atMs ?? 0,
  );
  const spans = [...groups].map(([atMs, group]): Span =>
    span(atMs - LEAD_MS, LEAD_MS + group.length * startsTakeMs(workers) - startsTakeMs(1) + SETTLING_MS),
  );
  const moments = steps.flatMap((step) => [
    step.when,
    ...("until" in step && step.until ? [step.until] : []),
  ]);
  return [...spans, ...moments.flatMap((moment) => timed(moment))];
}

function timed(moment: Moment): readonly Span[] {
  return "atMs" in moment ? [span(moment.atMs, STEP_MS)] : [];
}

function span(atMs: number, lengthMs: number): Span {
  return { fromMs: atMs - MARGIN_MS, toMs: atMs + lengthMs + MARGIN_MS };
}
