import type { Schedule } from "../../schedule/schedule.ts";
import type { Moment } from "../../schedule/step.ts";

/** When what a schedule waits for is seen, if the site is well; only for estimates. */
const CUE_SEEN_MS = 4000;

/** How long a schedule itself goes on, in ms: to its last start, step or end of a fault. An estimate where it has cues. */
export function lengthOf({ starts, steps = [] }: Schedule): number {
  const moments = steps.flatMap((step) => [
    step.when,
    ...("until" in step && step.until !== undefined ? [step.until] : []),
  ]);
  return Math.max(0, ...starts.map(({ atMs }) => atMs ?? 0), ...moments.map(timeOf));
}

function timeOf(moment: Moment): number {
  return "atMs" in moment ? moment.atMs : CUE_SEEN_MS + (moment.plusMs ?? 0);
}
