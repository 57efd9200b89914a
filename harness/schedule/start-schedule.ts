/** When each container is started. Plain data; saved with every run. */

/** The name under which the storage emulator stands in a schedule, beside the site's own containers. */
export const STORAGE = "storage";

export interface ScheduledStart {
  /** A site container's name, or {@link STORAGE}. */
  readonly container: string;
  /** Milliseconds after the schedule begins; `null`: not started by the schedule, only by hand. */
  readonly atMs: number | null;
}

/**
 * A full start schedule. Starts with the same `atMs` happen one after the other in the order of the list:
 * the next start call is made when the engine has answered the one before. A schedule that does not name
 * {@link STORAGE} means that storage is up before the schedule begins, as Azure's is before a site's.
 */
export interface StartSchedule {
  readonly starts: readonly ScheduledStart[];
}

/**
 * What a user may write:
 * - `["dapr", "main"]`: this order; containers not named come first, in the site's own order;
 * - `{ dapr: 12_000 }`: milliseconds; `"never"` leaves the start to `container(name).start()`; others start at 0;
 * - a full {@link StartSchedule}.
 */
export type StartScheduleInput =
  readonly string[] | Readonly<Record<string, number | "never">> | StartSchedule;
