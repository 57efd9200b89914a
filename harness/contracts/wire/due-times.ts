import { nextTick } from "../../dapr/cron-ticks.ts";
import type { BindingLife } from "../binding-lives.ts";

type Scheduled = Pick<BindingLife, "schedule" | "localZone">;

/** The wall clock of the record is rounded, and a tick that is early by that is not early. */
const ROUNDED_MS = 50;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How far back a tick that is due is looked for; a schedule that fires less often than monthly has its ticks in the last one. */
const WINDOWS_MS = [1000, MINUTE_MS, 60 * MINUTE_MS, DAY_MS, 32 * DAY_MS, 367 * DAY_MS];

/** The last tick of a wall clock's schedule that was due by then, in ms since 1970. `undefined`: none within a year. */
export function lastDueMs({ schedule, localZone }: Scheduled, wallMs: number): number | undefined {
  for (const windowMs of WINDOWS_MS) {
    let due = nextTick(schedule, wallMs - windowMs, localZone);
    if (due === undefined || due > wallMs + ROUNDED_MS) continue;
    for (let next: number | undefined = due; next !== undefined && next <= wallMs + ROUNDED_MS;) {
      due = next;
      next = nextTick(schedule, due, localZone);
    }
    return due;
  }
  return undefined;
}

/** How many ticks of a wall clock's schedule were due after one moment and by another one. Counts no further than two. */
export function dueBetween({ schedule, localZone }: Scheduled, fromWallMs: number, toWallMs: number): number {
  const first = nextTick(schedule, fromWallMs, localZone);
  if (first === undefined || first > toWallMs + ROUNDED_MS) return 0;
  const second = nextTick(schedule, first, localZone);
  return second === undefined || second > toWallMs + ROUNDED_MS ? 1 : 2;
}
