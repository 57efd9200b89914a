import type { Schedule } from "../../schedule/schedule.ts";
import type { Moment, ScheduledStep } from "../../schedule/step.ts";
import type { Parameter, ParameterContext } from "./parameter.ts";
import { attributesOf } from "./fault-parameters.ts";
import { stepWords, sinceWords } from "./step-words.ts";
import { endOf } from "./shrink.ts";

/** The numbers of a schedule's steps: how strong a fault is, how long it or a kill lasts, and when it begins. */
export function stepParameters(schedule: Schedule, context: ParameterContext): readonly Parameter[] {
  const steps = schedule.steps ?? [];
  const ends = new Set(steps.map((step, index) => endOf(step, steps.slice(index + 1))));
  return steps.flatMap((step, index) => {
    const end = endOf(step, steps.slice(index + 1));
    const change: Change = {
      step,
      end: end !== undefined && sameBase(step.when, end.when) ? end : undefined,
      with: (changed, changedEnd) => {
        const replaced = steps.with(index, changed);
        if (end === undefined || changedEnd === undefined) return { ...schedule, steps: replaced };
        return { ...schedule, steps: replaced.with(steps.indexOf(end), changedEnd) };
      },
    };
    return [
      ...strengths(change, context),
      ...lengths(change, context),
      // An end's moment is the length of what it ends.
      ...(ends.has(step) ? [] : moments(change, context)),
    ];
  });
}

interface Change {
  readonly step: ScheduledStep;
  /** The step that undoes it, if its moment is told from the same begin. */
  readonly end: ScheduledStep | undefined;
  with(step: ScheduledStep, end?: ScheduledStep): Schedule;
}

function strengths(change: Change, context: ParameterContext): readonly Parameter[] {
  const { step } = change;
  if (!("inject" in step)) return [];
  return attributesOf(step.inject, context.faultKinds ?? []).map(({ at, ...attribute }) => ({
    ...attribute,
    at: (value) => change.with({ ...step, inject: at(value) }),
  }));
}

function lengths(change: Change, context: ParameterContext): readonly Parameter[] {
  const { step, end } = change;
  const begin = offsetOf(step.when);
  const what = `${stepWords(step, context.faultKinds ?? [])} for longer than`;
  if ("inject" in step && step.until !== undefined && sameBase(step.when, step.until)) {
    const { until } = step;
    const at = (value: number) => change.with({ ...step, until: moved(until, begin + value) });
    return [{ what, value: offsetOf(until) - begin, least: 0, at }];
  }
  if (end === undefined) return [];
  const at = (value: number) => change.with(step, { ...end, when: moved(end.when, begin + value) });
  return [{ what, value: offsetOf(end.when) - begin, least: 0, at }];
}

/** What ends it moves along, so that its length stays. */
function moments(change: Change, context: ParameterContext): readonly Parameter[] {
  const { step, end } = change;
  const begin = offsetOf(step.when);
  if (begin === 0) return [];
  const at = (value: number): Schedule => {
    const by = value - begin;
    const when = moved(step.when, value);
    if ("inject" in step && step.until !== undefined && sameBase(step.when, step.until)) {
      return change.with({ ...step, when, until: moved(step.until, offsetOf(step.until) + by) });
    }
    return change.with({ ...step, when }, end && { ...end, when: moved(end.when, offsetOf(end.when) + by) });
  };
  const what = `${stepWords(step, context.faultKinds ?? [])} ${sinceWords(step.when)}`;
  return [{ what, value: begin, least: 0, at }];
}

function offsetOf(when: Moment): number {
  return "atMs" in when ? when.atMs : (when.plusMs ?? 0);
}

function moved(when: Moment, offset: number): Moment {
  return "atMs" in when ? { atMs: offset } : { ...when, plusMs: offset };
}

/** Only then a difference of the two offsets is a length. */
function sameBase(one: Moment, other: Moment): boolean {
  if ("atMs" in one || "atMs" in other) return "atMs" in one && "atMs" in other;
  return JSON.stringify(one.after) === JSON.stringify(other.after);
}
