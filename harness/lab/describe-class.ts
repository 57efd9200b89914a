import { describeStep } from "../schedule/describe-schedule.ts";
import type { ClassJudgement, FailingClass, Repeats, Threshold } from "./exploration.ts";

/**
 * One line for a person:
 * `broken: binding "batch" never active ⇐ main answers OPTIONS later than 3.0 s (2.93 s holds, 3.04 s breaks; 20/20)`.
 * The replay command is for the next line: {@link FailingClass.replayCommand}.
 */
export function describeClass(found: FailingClass): string {
  return `broken: ${found.symptom} ⇐ ${WHY[found.judgement](found)}`;
}

const WHY: Readonly<Record<ClassJudgement, (found: FailingClass) => string>> = {
  always: ({ repeats }) => `always, in the plainest start too (${shareOf(repeats)})`,
  "order-determined": (found) => `${condition(found)} (${sides(found.threshold)}${shareOf(found.repeats)})`,
  race: (found) =>
    found.repeats.broken === 0
      ? `a rare race, or none of the site's: ${startsOf(found)} broke it before, and in ${shareOf(found.repeats)} repeats (${describeInterval(found.repeats)})`
      : `a race: ${startsOf(found)} breaks it in ${shareOf(found.repeats)} runs (${describeInterval(found.repeats)})`,
  unknown: (found) =>
    `${condition(found)} (${sides(found.threshold)}not repeated often enough to judge: ${shareOf(found.repeats)})`,
};

function shareOf({ broken, runs }: Repeats): string {
  return `${broken}/${runs}`;
}

/** `main starts later than dapr by more than 3.0 s`. The number is the middle between the two sides, as exact as they are apart. */
export function describeThreshold({ what, unit, holdsMs, breaksMs }: Threshold): string {
  const middle = (holdsMs + breaksMs) / 2;
  const value = unit === undefined ? seconds(middle, 1) : `${Math.min(holdsMs, breaksMs)} ${unit}`;
  if (!/\bby$/.test(what)) return `${what} ${value}`;
  return `${what} ${breaksMs > holdsMs ? "more" : "less"} than ${value}`;
}

/** `95 % interval 32–73 %`. */
export function describeInterval({ interval: [low, high] }: Repeats): string {
  return `95 % interval ${Math.round(low * 100)}–${Math.round(high * 100)} %`;
}

function condition(found: FailingClass): string {
  return found.threshold === undefined ? startsOf(found) : describeThreshold(found.threshold);
}

function sides(threshold: Threshold | undefined): string {
  if (threshold === undefined) return "";
  const { unit, holdsMs, breaksMs, several } = threshold;
  const value = (number: number) => (unit === undefined ? seconds(number, 2) : String(number));
  const further = several ? ", not the only threshold" : "";
  return `${value(holdsMs)} holds, ${value(breaksMs)} breaks${further}; `;
}

/** `dapr, then main 7.0 s later; dapr killed at the 2nd tick`. */
function startsOf({ smallest: { starts, steps = [] } }: FailingClass): string {
  const order = starts.map(({ container, atMs }, index) => {
    if (atMs === null) return `${container} never`;
    const later = atMs - (starts[index - 1]?.atMs ?? atMs);
    return later === 0 ? container : `${container} ${seconds(later, 1)} later`;
  });
  return [order.join(", then "), ...steps.map((step) => describeStep(step))].join("; ");
}

function seconds(ms: number, digits: number): string {
  return `${(ms / 1000).toFixed(digits)} s`;
}
