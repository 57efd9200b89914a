/** What happens to a site from outside, and when. Plain data; saved with every run. */

import type { ScheduledStep } from "./step.ts";

/** The name under which the storage emulator stands in a schedule, beside the site's own containers. */
export const STORAGE = "storage";

export interface ScheduledStart {
  /** A site container's name, or {@link STORAGE}. */
  readonly container: string;
  /** Milliseconds after the schedule begins; `null`: not started by the schedule, only by hand. */
  readonly atMs: number | null;
}

/**
 * A full schedule: every start, and what else is done to the site. Starts with the same `atMs` happen one after the other
 * in the order of the list: the next start call is made when the engine has answered the one before. A schedule that does
 * not name {@link STORAGE} means that storage can be reached before the schedule begins, as Azure's can before a site's start.
 */
export interface Schedule {
  readonly starts: readonly ScheduledStart[];
  /** Kills, pauses, faults and their ends. Absent: none. */
  readonly steps?: readonly ScheduledStep[];
}

/** What a user may write for the starts alone: an order, or times. */
export type StartsInput = readonly string[] | Readonly<Record<string, number | "never">>;

/** Starts in any form, and steps. */
export interface ScheduleWithSteps {
  /** Default: all at 0. */
  readonly starts?: StartsInput | readonly ScheduledStart[];
  readonly steps: readonly ScheduledStep[];
}

/**
 * What a user may write:
 * - `["dapr", "main"]`: this order; containers not named come first, in the site's own order;
 * - `{ dapr: 12_000 }`: milliseconds; `"never"` leaves the start to `container(name).start()`; others start at 0;
 * - `{ starts: { dapr: 12_000 }, steps: [...] }`: starts in one of these forms, and what else is done;
 * - a full {@link Schedule}.
 */
export type ScheduleInput = StartsInput | ScheduleWithSteps | Schedule;
