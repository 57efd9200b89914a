import { parseGoDuration } from "./go-duration.ts";

/** `@every`: the interval counts from the start of the binding; not rounded, and may be zero or less (daprd.md §2). */
export interface CronInterval {
  readonly kind: "interval";
  readonly intervalMs: number;
}

/** Fires whenever the wall clock matches. */
export interface CronFields {
  readonly kind: "fields";
  readonly seconds: ReadonlySet<number>;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  /** 1 is January. */
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly daysOfWeek: ReadonlySet<number>;
  /** Both days must match, because one of them is `*`; otherwise one of them is enough. */
  readonly bothDays: boolean;
  /** What `TZ=` or `CRON_TZ=` names; absent: the container's own. */
  readonly zone?: string;
}

export type CronSchedule = CronInterval | CronFields;

/** Why daprd's cron binding refuses a schedule. */
export interface CronFault {
  readonly kind: "fault";
  readonly message: string;
  /** Part of the schedule that is at fault. */
  readonly part: string;
}

interface Bounds {
  readonly field: string;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const MONTHS = ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const SECONDS: Bounds = { field: "second", least: 0, most: 59, names: [] };
const MINUTES: Bounds = { field: "minute", least: 0, most: 59, names: [] };
const HOURS: Bounds = { field: "hour", least: 0, most: 23, names: [] };
const DAYS_OF_MONTH: Bounds = { field: "day of month", least: 1, most: 31, names: [] };
const MONTHS_OF_YEAR: Bounds = { field: "month", least: 1, most: 12, names: MONTHS };
const DAYS_OF_WEEK: Bounds = { field: "day of week", least: 0, most: 6, names: WEEKDAYS };

const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 0 1 1 *",
  "@annually": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 0",
  "@daily": "0 0 0 * * *",
  "@midnight": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
};

/** Go's `time.Duration` counts nanoseconds in 64 bits. */
const LONGEST_DURATION_MS = 2 ** 63 / 1e6;

class Refused extends Error {
  readonly part: string;

  constructor(message: string, part: string) {
    super(message);
    this.part = part;
  }
}

/**
 * Reads a schedule exactly as daprd's cron binding does: five or six fields (the seconds first), a descriptor such as
 * `@hourly`, or `@every` with a Go duration; before it perhaps `TZ=` or `CRON_TZ=`. What it refuses is fatal at start.
 * Source: dapr/kit v0.18.2 `cron/parser.go`.
 */
export function parseCronSchedule(text: string): CronSchedule | CronFault {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Refused) return { kind: "fault", message: error.message, part: error.part };
    throw error;
  }
}

function parse(text: string): CronSchedule {
  if (text === "") throw new Refused("the schedule is empty", text);
  const prefix = /^(?:CRON_)?TZ=(?<zone>[^ ]*)(?<rest>.*)$/s.exec(text)?.groups;
  const zone = prefix?.["zone"];
  // daprd slices up to the blank without looking whether there is one, and panics.
  if (prefix?.["rest"] === "") throw new Refused("nothing follows the time zone", text);
  if (zone !== undefined && !isTimeZone(zone)) throw new Refused(`there is no time zone "${zone}"`, zone);
  const schedule = prefix === undefined ? text : (prefix["rest"] ?? "").trim();
  if (!schedule.startsWith("@")) return parseFields(schedule, zone);
  const every = /^@every (?<duration>.*)$/s.exec(schedule)?.groups?.["duration"];
  if (every !== undefined) return parseInterval(every);
  const fields = Object.hasOwn(DESCRIPTORS, schedule) ? DESCRIPTORS[schedule] : undefined;
  if (fields === undefined) throw new Refused(`there is no descriptor "${schedule}"`, schedule);
  return parseFields(fields, zone);
}

function parseInterval(duration: string): CronInterval {
  const intervalMs = parseGoDuration(duration);
  if (intervalMs === undefined || Math.abs(intervalMs) >= LONGEST_DURATION_MS) {
    throw new Refused(`"${duration}" is no Go duration`, duration);
  }
  return { kind: "interval", intervalMs };
}

function parseFields(text: string, zone: string | undefined): CronFields {
  const written = text.split(/\s+/).filter((field) => field !== "");
  if (written.length < 5 || written.length > 6) {
    throw new Refused(`it has ${written.length} fields instead of 5 or 6`, text);
  }
  const fields = written.length === 5 ? ["0", ...written] : written;
  const [second = "", minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] = fields;
  const seconds = parseField(second, SECONDS);
  const minutes = parseField(minute, MINUTES);
  const hours = parseField(hour, HOURS);
  const daysOfMonth = parseField(dayOfMonth, DAYS_OF_MONTH);
  const months = parseField(month, MONTHS_OF_YEAR);
  const daysOfWeek = parseField(dayOfWeek, DAYS_OF_WEEK);
  return {
    kind: "fields",
    seconds: seconds.values,
    minutes: minutes.values,
    hours: hours.values,
    daysOfMonth: daysOfMonth.values,
    months: months.values,
    daysOfWeek: daysOfWeek.values,
    bothDays: daysOfMonth.isStar || daysOfWeek.isStar,
    ...(zone === undefined ? {} : { zone }),
  };
}

interface Field {
  readonly values: ReadonlySet<number>;
  readonly isStar: boolean;
}

function parseField(text: string, bounds: Bounds): Field {
  const values = new Set<number>();
  let isStar = false;
  for (const range of text.split(",")) {
    if (range === "") continue;
    const parsed = parseRange(range, bounds);
    for (let value = parsed.from; value <= parsed.to; value += parsed.step) values.add(value);
    isStar ||= parsed.isStar;
  }
  return { values, isStar };
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly isStar: boolean;
}

function parseRange(text: string, bounds: Bounds): Range {
  const [range = "", stepText, ...moreSteps] = text.split("/");
  const [low = "", high, ...moreHighs] = range.split("-");
  const whole = low === "*" || low === "?";
  if (!whole && moreHighs.length > 0) throw new Refused(`"${text}" has too many hyphens`, text);
  const from = whole ? bounds.least : parseValue(low, bounds);
  let to = whole ? bounds.most : high === undefined ? from : parseValue(high, bounds);
  if (moreSteps.length > 0) throw new Refused(`"${text}" has too many slashes`, text);
  const step = stepText === undefined ? 1 : parseNumber(stepText, bounds);
  // "N/step" means from N to the end.
  if (stepText !== undefined && high === undefined) to = bounds.most;
  const { field, least, most } = bounds;
  if (from < least) throw new Refused(`${field} ${from} is below ${least}`, text);
  if (to > most) throw new Refused(`${field} ${to} is above ${most}`, text);
  if (from > to) throw new Refused(`the ${field} range "${text}" ends before it begins`, text);
  if (step === 0) throw new Refused(`the step of "${text}" is zero`, text);
  return { from, to, step, isStar: whole && step === 1 };
}

function parseValue(text: string, bounds: Bounds): number {
  const named = text === "" ? -1 : bounds.names.indexOf(text.toLowerCase());
  return named === -1 ? parseNumber(text, bounds) : named;
}

function parseNumber(text: string, { field }: Bounds): number {
  if (!/^\+?\d+$/.test(text)) throw new Refused(`"${text}" is no ${field}`, text);
  return Number(text);
}

/** Go takes a file name below its zone information; ECMAScript also takes offsets, which Go does not. */
function isTimeZone(name: string): boolean {
  if (name === "" || name === "UTC" || name === "Local") return true;
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
