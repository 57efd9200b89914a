import type { FaultKind } from "../../faults/fault-kind.ts";
import { describeMoment, DONE } from "../../schedule/describe-schedule.ts";
import type { Moment, ScheduledStep } from "../../schedule/step.ts";

/** What a step does, for a person: `dapr is killed`, `storage refused`. */
export function stepWords(step: ScheduledStep, kinds: readonly FaultKind[]): string {
  if ("inject" in step) {
    const kind = kinds.find(({ name }) => name === step.inject.fault);
    return kind?.describe(step.inject) ?? step.inject.fault.replaceAll("-", " ");
  }
  return "container" in step ? `${step.container} is ${DONE[step.do]}` : "the site is stopped";
}

/** From what a moment is counted, before the number: `later than the 2nd tick of batch by`. */
export function sinceWords(when: Moment): string {
  return "atMs" in when
    ? "later than the first start by"
    : `later than ${describeMoment({ after: when.after })} by`;
}
