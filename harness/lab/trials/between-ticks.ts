import type { CronSchedule } from "../../dapr/cron-schedule.ts";
import { nextTick } from "../../dapr/cron-ticks.ts";

/** What is known of a cron binding's ticks. Times are milliseconds since the run began. */
export interface KnownTicks {
  readonly schedule: CronSchedule;
  /** Posts without an answer, when daprd was last asked. */
  readonly underWay: number;
  /** The last one that was answered; absent: none was seen. */
  readonly last?: AnsweredTick;
}

export interface AnsweredTick {
  /** When it was seen that it has its answer, */
  readonly seenMs: number;
  /** which came so much earlier at most. */
  readonly goodToMs: number;
  /** How long the app took. */
  readonly latencyMs: number;
}

/** The next tick is so far away that what begins now is over, or far enough on, when it comes. */
const APART_MS = 200;
/** From an answer to its effect. */
const EFFECT_MS = 100;
/** A tick that is so late does not come: daprd has stopped the binding, or is not there. */
const OVERDUE_MS = 500;

/**
 * Whether a stop now meets no tick: none is under way, the last one has had its effect, and none is due soon. Ticks that come
 * too often for that say nothing.
 */
export function isBetweenTicks(
  { schedule, underWay, last }: KnownTicks,
  { nowMs, originWallMs }: { readonly nowMs: number; readonly originWallMs: number },
): boolean {
  if (schedule.kind === "interval" && schedule.intervalMs < 2 * APART_MS) return true;
  if (underWay > 0) return false;
  if (last !== undefined && nowMs - last.seenMs < EFFECT_MS) return false;
  if (schedule.kind === "fields") {
    // One that was due just now may be under way, and nobody has seen it yet.
    const dueMs = nextTick(schedule, originWallMs + nowMs - EFFECT_MS);
    return dueMs === undefined || dueMs - originWallMs - nowMs >= APART_MS;
  }
  if (last === undefined) return true;
  const latestMs = last.seenMs - last.latencyMs + schedule.intervalMs;
  if (nowMs > latestMs + OVERDUE_MS) return true;
  return latestMs - last.goodToMs - nowMs >= APART_MS;
}
