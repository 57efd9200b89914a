import type { CronFields, CronSchedule } from "./cron-schedule.ts";

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** daprd's cron gives up after so many years. */
const YEARS_AHEAD = 5;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The tick after a time, in milliseconds since 1970, with the wall clock in UTC, which is a container's unless `TZ`
 * says otherwise; a schedule's own time zone is not looked at. `undefined`: it never fires again.
 */
export function nextTick(schedule: CronSchedule, afterMs: number): number | undefined {
  if (schedule.kind === "interval") return afterMs + schedule.intervalMs;
  const first = Math.floor(afterMs / SECOND_MS) * SECOND_MS + SECOND_MS;
  const lastYear = new Date(first).getUTCFullYear() + YEARS_AHEAD;
  const times = timesOfDay(schedule);
  for (let day = Math.floor(first / DAY_MS) * DAY_MS; ; day += DAY_MS) {
    const date = new Date(day);
    if (date.getUTCFullYear() > lastYear) return undefined;
    if (!matchesDay(schedule, date)) continue;
    const time = times.find((ofDay) => day + ofDay >= first);
    if (time !== undefined) return day + time;
  }
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
