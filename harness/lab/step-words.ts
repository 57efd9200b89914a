import type { FaultKind } from "../faults/fault-kind.ts";
import type { Cue, Moment, ScheduledStep } from "../schedule/step.ts";

const PAST = {
  start: "started",
  kill: "killed",
  pause: "paused",
  resume: "resumed",
  restart: "restarted",
  stop: "stopped",
} as const;

/** What a step does, for a person: `dapr is killed`, `storage refused`. */
export function stepWords(step: ScheduledStep, kinds: readonly FaultKind[]): string {
  if ("inject" in step) {
    const kind = kinds.find(({ name }) => name === step.inject.fault);
    return kind?.describe(step.inject) ?? step.inject.fault.replaceAll("-", " ");
  }
  return "container" in step ? `${step.container} is ${PAST[step.do]}` : "the site is stopped";
}

/** From what a moment is counted, before the number: `later than tick number 2 of batch by`. */
export function sinceWords(when: Moment): string {
  return "atMs" in when ? "later than the first start by" : `later than ${cueWords(when.after)} by`;
}

function cueWords(cue: Cue): string {
  const nth = "count" in cue ? cue.count : undefined;
  const count = nth === undefined || nth === 1 ? "" : ` number ${nth}`;
  const subject = subjectOf(cue);
  return `${cue.seen.replaceAll("-", " ")}${count}${subject === undefined ? "" : ` of ${subject}`}`;
}

function subjectOf(cue: Cue): string | undefined {
  if ("container" in cue) return cue.container;
  if ("component" in cue) return cue.component;
  return "port" in cue ? `port ${cue.port}` : undefined;
}
