import type { RunRecord } from "../../contracts/run-record.ts";
import { scheduleLateness } from "../../timeline/schedule-lateness.ts";

/**
 * The harness itself may be late by so many times what a start may be: a late start moves what the site does, a late harness only
 * when it is written down, and what it is late with of starts and steps is counted with these.
 */
const HARNESS_MAY_BE_LATER = 2.5;

/** How late a trial was: of each start and step, and at most, with the harness's own lateness by its weight. All in ms. */
export interface TrialLateness {
  readonly each: readonly number[];
  readonly mostMs: number;
}

export function latenessOf({ events, lateness }: Pick<RunRecord, "events" | "lateness">): TrialLateness {
  const each = scheduleLateness(events);
  return { each, mostMs: Math.max(0, Math.round(lateness.eventLoopMs / HARNESS_MAY_BE_LATER), ...each) };
}
