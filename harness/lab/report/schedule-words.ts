import { FAULT_KINDS } from "../../faults/kinds.ts";
import { describeData, describeSchedule, describeStep } from "../../schedule/describe-schedule.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import type { FaultData, ScheduledStep } from "../../schedule/step.ts";
import { formatTime } from "./words.ts";

/** A schedule as every part of the report tells it. */
export function scheduleWords(schedule: Schedule): string {
  return describeSchedule(schedule, { describeFault });
}

/** A step as every part of the report tells it. */
export function stepWords(step: ScheduledStep): string {
  return describeStep(step, { describeFault });
}

/** In its kind's words; a fault of a kind that this version has not, from a file of another, by its data. */
export function describeFault(data: FaultData): string {
  return FAULT_KINDS.find(({ name }) => name === data.fault)?.describe(data) ?? describeData(data);
}

/** A start's time as it stands in a drawing. */
export function startLabel(atMs: number): string {
  return atMs === 0 ? "0" : `+${formatTime(atMs)}`;
}
