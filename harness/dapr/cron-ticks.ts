import type { CronFields, CronSchedule } from "./cron-schedule.ts";
import { momentsOf, timeZone, type TimeZone } from "./time-zone.ts";

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** daprd's cron gives up after so many years. */
const YEARS_AHEAD = 5;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The tick after a time, in milliseconds since 1970, by the clock of the schedule's time zone. A time that is skipped when clocks go
 * forward has no tick, one that comes twice when they go back has two. `undefined`: it never fires again.
 * @param localZone where the schedule names no zone: the container's own, by its `TZ`. Default UTC.
 */
export function nextTick(schedule: CronSchedule, afterMs: number, localZone = "UTC"): number | undefined {
  if (schedule.kind === "interval") return afterMs + schedule.intervalMs;
  const zone = timeZone(zoneOf(schedule, localZone));
  const first = Math.floor(afterMs / SECOND_MS) * SECOND_MS + SECOND_MS;
  const wall = first + zone.offsetMs(first);
  const lastYear = new Date(wall).getUTCFullYear() + YEARS_AHEAD;
  const times = timesOfDay(schedule);
  for (let day = Math.floor(wall / DAY_MS) * DAY_MS; ; day += DAY_MS) {
    const date = new Date(day);
    if (date.getUTCFullYear() > lastYear) return undefined;
    if (!matchesDay(schedule, date)) continue;
    const at = firstOfDay(zone, { day, times, first });
    if (at !== undefined) return at;
  }
}

/** `Local` is the container's own, as none is. */
function zoneOf({ zone }: CronFields, localZone: string): string {
  if (zone === undefined || zone === "Local") return localZone;
  return zone === "" ? "UTC" : zone;
}

/** The first moment of a day of the wall's calendar at which it shows one of the times, from `first` on. */
function firstOfDay(
  zone: TimeZone,
  { day, times, first }: { readonly day: number; readonly times: readonly number[]; readonly first: number },
): number | undefined {
  const offset = zone.offsetMs(day - DAY_MS);
  if (zone.offsetMs(day + 2 * DAY_MS) === offset) {
    const time = times.find((ofDay) => day + ofDay - offset >= first);
    return time === undefined ? undefined : day + time - offset;
  }
  // Clocks change about here: a later time of the wall may come first.
  const moments = times.flatMap((ofDay) => momentsOf(zone, day + ofDay)).filter((atMs) => atMs >= first);
  return moments.length === 0 ? undefined : moments.reduce((least, atMs) => Math.min(least, atMs));
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

const knownTimes = new WeakMap<CronFields, readonly number[]>();

/** There may be a time for each second of the day, and a schedule is asked for many ticks. */
function timesOfDay(schedule: CronFields): readonly number[] {
  const known = knownTimes.get(schedule) ?? makeTimes(schedule);
  knownTimes.set(schedule, known);
  return known;
}

function makeTimes({ hours, minutes, seconds }: CronFields): readonly number[] {
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
