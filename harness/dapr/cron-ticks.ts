import type { CronFields, CronSchedule } from "./cron-schedule.ts";
import { TimeZone } from "./time-zone.ts";

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** daprd's cron gives up after so many years. */
const YEARS_AHEAD = 5;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The tick after a time, in milliseconds since 1970. A time of day that a change of the clock leaves out does not fire that day,
 * and one that it repeats fires twice, as with daprd; what daprd does where clocks are changed by half an hour (Lord Howe Island)
 * is not followed. `undefined`: it never fires again.
 * @param localZone the wall clock of a schedule that names no zone: the container's own, from its `TZ`. Default UTC.
 */
export function nextTick(schedule: CronSchedule, afterMs: number, localZone = "UTC"): number | undefined {
  if (schedule.kind === "interval") return afterMs + schedule.intervalMs;
  const zone = zoneOf(schedule.zone === undefined || schedule.zone === "Local" ? localZone : schedule.zone);
  const firstMs = Math.floor(afterMs / SECOND_MS) * SECOND_MS + SECOND_MS;
  const localMs = firstMs + zone.offsetMs(firstMs);
  const lastYear = new Date(localMs).getUTCFullYear() + YEARS_AHEAD;
  const times = timesOfDay(schedule);
  for (let dayMs = Math.floor(localMs / DAY_MS) * DAY_MS; ; dayMs += DAY_MS) {
    const date = new Date(dayMs);
    if (date.getUTCFullYear() > lastYear) return undefined;
    if (!matchesDay(schedule, date)) continue;
    const tickMs = firstOfDay(zone, dayMs, times, firstMs);
    if (tickMs !== undefined) return tickMs;
  }
}

/** The first of these times of a day that is not before `firstMs`, by a clock that may be changed on that day. */
function firstOfDay(
  zone: TimeZone,
  dayMs: number,
  times: readonly number[],
  firstMs: number,
): number | undefined {
  const offsets = zone.offsetsOfDay(dayMs);
  const found = offsets.flatMap((offsetMs) => {
    const time = times.find((ofDay) => {
      const atMs = dayMs + ofDay - offsetMs;
      return atMs >= firstMs && (offsets.length === 1 || zone.offsetMs(atMs) === offsetMs);
    });
    return time === undefined ? [] : [dayMs + time - offsetMs];
  });
  return found.length === 0 ? undefined : Math.min(...found);
}

const zones = new Map<string, TimeZone>();

/** Making one takes longer than all else here. */
function zoneOf(name: string): TimeZone {
  const known = zones.get(name) ?? new TimeZone(name);
  zones.set(name, known);
  return known;
}

/** No day of any year matches, for example the 30th of February; or a field holds nothing, as `,` does. */
export function neverFires(schedule: CronFields): boolean {
  const { seconds, minutes, hours, months, daysOfMonth, daysOfWeek, bothDays } = schedule;
  if ([seconds, minutes, hours, months].some(({ size }) => size === 0)) return true;
  const hasDate = [...months].some((month) =>
    [...daysOfMonth].some((day) => day <= (DAYS_IN_MONTH[month - 1] ?? 0)),
  );
  // Over the years each date falls on each weekday.
  return bothDays ? !hasDate || daysOfWeek.size === 0 : !hasDate && daysOfWeek.size === 0;
}

function matchesDay({ months, daysOfMonth, daysOfWeek, bothDays }: CronFields, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const ofMonth = daysOfMonth.has(date.getUTCDate());
  const ofWeek = daysOfWeek.has(date.getUTCDay());
  return bothDays ? ofMonth && ofWeek : ofMonth || ofWeek;
}

function timesOfDay({ hours, minutes, seconds }: CronFields): number[] {
  const times: number[] = [];
  for (const hour of ascending(hours)) {
    for (const minute of ascending(minutes)) {
      for (const second of ascending(seconds)) times.push(((hour * 60 + minute) * 60 + second) * SECOND_MS);
    }
  }
  return times;
}

function ascending(values: ReadonlySet<number>): number[] {
  return [...values].toSorted((a, b) => a - b);
}
