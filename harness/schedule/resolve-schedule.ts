import { SitecarError } from "../errors/index.ts";
import { LATEST_MS } from "./check-moment.ts";
import { checkSteps } from "./check-steps.ts";
import { ScheduleValue } from "./schedule-value.ts";
import {
  STORAGE,
  type ScheduledStart,
  type Schedule,
  type ScheduleInput,
  type ScheduleWithSteps,
  type StartsInput,
} from "./schedule.ts";
import { unknownContainer } from "./unknown-container.ts";

/**
 * The full schedule that an input means for a site's containers.
 *
 * - `undefined`: all at 0, in the site's own order;
 * - an array: this order, one after the other; what it does not name comes first, in the site's own order;
 * - a record: times in ms or `"never"`; what it does not name starts at 0;
 * - a {@link ScheduleWithSteps}: its starts as above;
 * - a {@link Schedule}: taken as it is; it must name every container of the site once.
 *
 * Storage is in the result only if the input names it: a schedule without it means that storage is up before the
 * schedule begins, as Azure's is before a site's.
 *
 * The result is ordered by time, starts by hand last; what starts at the same time keeps the order above.
 * @param storage whether the site has the storage emulator, which schedules call {@link STORAGE}.
 * @throws {SitecarError} SCHEDULE_UNKNOWN_CONTAINER, SCHEDULE_INVALID.
 */
export function resolveSchedule(
  input: ScheduleInput | undefined,
  containers: readonly string[],
  storage: boolean,
): Schedule {
  const known = storage ? [STORAGE, ...containers] : [...containers];
  const { starts: written, steps: given } = partsOf(input);
  const starts = startsOf(written, containers, known);
  checkNames(starts, known);
  for (const start of starts) checkTime(start);
  const steps = given === undefined ? [] : checkSteps(new ScheduleValue(given, "steps"), known);
  return {
    starts: starts.toSorted((a, b) => instant(a) - instant(b)),
    ...(steps.length === 0 ? {} : { steps }),
  };
}

/** Starts and steps apart. A schedule with steps is told from a record of times by what the two keys hold. */
function partsOf(input: ScheduleInput | undefined): {
  readonly starts: StartsInput | readonly ScheduledStart[] | undefined;
  readonly steps: unknown;
} {
  if (input === undefined || isList(input)) return { starts: input, steps: undefined };
  if (!isWithParts(input)) return { starts: input, steps: undefined };
  new ScheduleValue(input, "").fields(["starts", "steps"]);
  return { starts: input.starts, steps: input.steps };
}

function isWithParts(
  input: Exclude<ScheduleInput, readonly string[]>,
): input is ScheduleWithSteps | Schedule {
  return ["starts", "steps"].some((key) =>
    Object.entries(input).some(([name, value]) => name === key && !isTime(value)),
  );
}

function isTime(value: unknown): boolean {
  return typeof value === "number" || value === "never";
}

function startsOf(
  input: StartsInput | readonly ScheduledStart[] | undefined,
  containers: readonly string[],
  known: readonly string[],
): ScheduledStart[] {
  if (input === undefined) return containers.map((container) => ({ container, atMs: 0 }));
  if (isList(input)) {
    if (isOrder(input)) {
      const unnamed = containers.filter((container) => !input.includes(container));
      return [...unnamed, ...input].map((container) => ({ container, atMs: 0 }));
    }
    const full = new ScheduleValue(input, "starts").items().map(startOf);
    checkComplete(full, containers, known);
    return full;
  }
  const times = new Map(Object.entries(input));
  const unnamed = containers.filter((container) => !times.has(container));
  const named = [...times].map(([container, time]) => ({ container, atMs: time === "never" ? null : time }));
  // The site's own order for what starts together; names the site has not are kept for the check that follows.
  const all = [...unnamed.map((container) => ({ container, atMs: 0 })), ...named];
  return all.toSorted((a, b) => position(a, known) - position(b, known));
}

function isList<T>(input: T): input is Extract<T, readonly unknown[]> {
  return Array.isArray(input);
}

function isOrder(input: readonly (string | ScheduledStart)[]): input is readonly string[] {
  return input.every((one) => typeof one === "string");
}

function startOf(written: ScheduleValue): ScheduledStart {
  const fields = written.fields(["container", "atMs"]);
  const container = fields.get("container");
  const atMs = fields.get("atMs");
  if (container === undefined || atMs === undefined) {
    throw written.invalid('write {"container": "<name>", "atMs": <milliseconds or null>}.');
  }
  return { container: container.text(), atMs: atMs.value === null ? null : atMs.number(0, LATEST_MS) };
}

function position({ container }: ScheduledStart, known: readonly string[]): number {
  const index = known.indexOf(container);
  return index === -1 ? known.length : index;
}

/** `null` sorts after every time; a finite stand-in, because Infinity - Infinity is no number. */
function instant({ atMs }: ScheduledStart): number {
  return atMs ?? Number.MAX_SAFE_INTEGER;
}

function checkNames(starts: readonly ScheduledStart[], known: readonly string[]): void {
  const seen = new Set<string>();
  for (const { container } of starts) {
    if (!known.includes(container)) throw unknownContainer(container, known);
    if (seen.has(container)) {
      throw new SitecarError("SCHEDULE_INVALID", {
        message: `the start schedule names "${container}" twice.`,
        remedy: `leave one start of "${container}"; a later one is container("${container}").start().`,
      });
    }
    seen.add(container);
  }
}

function checkComplete(
  starts: readonly ScheduledStart[],
  containers: readonly string[],
  known: readonly string[],
): void {
  const named = starts.map(({ container }) => container);
  const missing = containers.filter((container) => !named.includes(container));
  // A mistyped name shows as one that is missing; the unknown name is the better message.
  if (missing.length === 0 || named.some((container) => !known.includes(container))) return;
  throw new SitecarError("SCHEDULE_INVALID", {
    message: `the full start schedule says nothing about ${missing.map((name) => `"${name}"`).join(", ")}.`,
    observations: [{ label: "names", value: named.join(", ") }],
    remedy:
      "add a start for each, with atMs: null for one that is only started by hand, or write a record of delays.",
  });
}

function checkTime({ container, atMs }: ScheduledStart): void {
  if (atMs === null) return;
  if (typeof atMs === "number" && atMs >= 0 && atMs <= LATEST_MS) return;
  throw new SitecarError("SCHEDULE_INVALID", {
    message: `the start schedule gives "${container}" the time ${describe(atMs)}.`,
    remedy: `use milliseconds from 0 to ${LATEST_MS} (one day), or "never".`,
  });
}

function describe(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}
