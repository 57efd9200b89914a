import type { CronSchedule } from "../../dapr/cron-schedule.ts";
import { nextTick } from "../../dapr/cron-ticks.ts";

/** What is known of a cron binding's ticks. Times are milliseconds since the run began. */
export interface KnownTicks {
  readonly schedule: CronSchedule;
  /** Posts without an answer, when daprd was last asked. */
  readonly underWay: number;
  /** When the last one was posted; absent: none was seen. */
  readonly posted?: { readonly earliestMs: number; readonly latestMs: number };
  /** When it was seen that one has its answer. */
  readonly answeredMs?: number;
}

/** From here to the next tick: what a stop takes until everybody has its SIGTERM, on a busy machine. */
const APART_MS = 250;
/** From an answer to its effect. */
const EFFECT_MS = 50;
/** A tick that is so late does not come: daprd has stopped the binding, or is not there. */
const OVERDUE_MS = 500;

/**
 * Whether a stop now meets no tick: none is under way, the last one has had its effect, and none is due soon. Ticks that come
 * too often for that say nothing.
 */
export function isBetweenTicks(
  { schedule, underWay, posted, answeredMs = -Infinity }: KnownTicks,
  { nowMs, originWallMs }: { readonly nowMs: number; readonly originWallMs: number },
): boolean {
  if (schedule.kind === "interval" && schedule.intervalMs < 2 * APART_MS) return true;
  if (underWay > 0 || nowMs - answeredMs < EFFECT_MS) return false;
  if (schedule.kind === "fields") {
    // One that was due just now may be under way, and nobody has seen it yet.
    const dueMs = nextTick(schedule, originWallMs + nowMs - EFFECT_MS);
    return dueMs === undefined || dueMs - originWallMs - nowMs >= APART_MS;
  }
  if (posted === undefined || nowMs > posted.latestMs + schedule.intervalMs + OVERDUE_MS) return true;
  return posted.earliestMs + schedule.intervalMs - nowMs >= APART_MS;
}
