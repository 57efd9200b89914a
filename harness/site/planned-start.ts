/** A schedule's start of a container, in milliseconds: after the schedule began, and when that was since the run began. */
export interface PlannedStart {
  readonly atMs: number;
  readonly beganMs: number;
}
