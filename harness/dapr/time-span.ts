import { parseGoDuration } from "./go-duration.ts";

const ISO =
  /^P(?:(?<years>\d{1,4})Y)?(?:(?<months>\d{1,5})M)?(?:(?<weeks>\d{1,5})W)?(?:(?<days>\d{1,6})D)?(?<time>T(?:(?<hours>\d{1,7})H)?(?:(?<minutes>\d{1,9})M)?(?:(?<seconds>\d{1,11}(?:\.\d{1,9})?)S)?)?$/;

/**
 * The time so much later: a Go duration (`24h`, `1h30m`) or one of ISO 8601 (`P1D`, `P1M`, `PT90S`). Years and months are
 * those of the calendar in UTC, and end on the month's last day where it is shorter; a day is 24 hours, whatever a zone does.
 * `undefined`: the text is neither.
 */
export function laterBy(from: Date, span: string): Date | undefined {
  const ms = parseGoDuration(span);
  if (ms !== undefined) return new Date(from.getTime() + ms);
  const parts = ISO.exec(span)?.groups;
  if (parts === undefined || span.endsWith("P") || span.endsWith("T")) return undefined;
  const of = (name: string): number => Number(parts[name] ?? 0);
  const date = laterByMonths(from, of("years") * 12 + of("months"));
  const hours = (of("weeks") * 7 + of("days")) * 24 + of("hours");
  return new Date(date.getTime() + ((hours * 60 + of("minutes")) * 60 + of("seconds")) * 1000);
}

function laterByMonths(from: Date, months: number): Date {
  if (months === 0) return from;
  const date = new Date(from);
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return date;
}
