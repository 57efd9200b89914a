import type { Schedule } from "../../schedule/schedule.ts";
import type { Asking, Seen } from "./asking.ts";

/** The threshold is known when a value that holds and one that breaks are no further apart. */
const WITHIN_MS = 100;
/** Values tried at once: more make fewer rounds, and more trials of which most say nothing new. */
const LEAST_AT_ONCE = 3;
const MOST_AT_ONCE = 9;
/** Within this a start's own time varies enough to fall on either side. */
const JITTER_MS = 400;
/** How often values that contradict each other are asked again. */
const RUNS_IF_CONTRADICTORY = 4;

/** As the sides of the threshold are repeated: beside others' starts a program is slower, and the threshold another. */
const QUIETLY = { isQuiet: true };

export interface Axis {
  readonly at: (value: number) => Schedule;
  /** Two values known to hold and to break; either may be the larger. */
  readonly holds: number;
  readonly breaks: number;
  /** What is counted and not measured ends at neighbours. */
  readonly counted: boolean;
  /** Values that may have been tried before. Default: none. */
  readonly known?: readonly number[];
}

export interface Bisected {
  readonly holds: number;
  readonly breaks: number;
  /**
   * `sharp`: on one side all hold and on the other all break; `several`: the same again further out; `race`: the same value
   * holds and breaks; `cut-short`: not as near as wanted, for want of time or of answers.
   */
  readonly found: "sharp" | "several" | "race" | "cut-short";
}

/**
 * Narrows the step between a value that holds and one that breaks: several values at once, as the laboratory runs many trials
 * at a time, then again between the two neighbours where it changes. Where holding and breaking values alternate, they are
 * asked again; if each keeps its answer, the step next to the value that holds is taken.
 */
export async function bisect(axis: Axis, asking: Asking, tell: (detail: string) => void): Promise<Bisected> {
  let { holds, breaks } = fromKnown(axis, asking);
  let several = false;
  const within = axis.counted ? 1 : WITHIN_MS;
  while (Math.abs(breaks - holds) > within) {
    const values = between(holds, breaks, asking.atOnce, within);
    tell(`${values.length} values between ${holds} and ${breaks}`);
    const schedules = values.map((value) => axis.at(value));
    let seen = await asking.ask(schedules, 1, QUIETLY);
    if (contradictory(seen)) {
      seen = await asking.ask(schedules, RUNS_IF_CONTRADICTORY, QUIETLY);
      several ||= !seen.includes("both") && contradictory(seen);
    }
    if (seen.includes("both")) return aroundBoth(holds, breaks, values, seen);
    const next = narrowed(holds, breaks, values, seen);
    if (next.holds === holds && next.breaks === breaks) return { holds, breaks, found: "cut-short" };
    ({ holds, breaks } = next);
  }
  return { holds, breaks, found: several ? "several" : "sharp" };
}

/** The range as far as earlier trials have narrowed it; where they contradict each other, all of it. */
function fromKnown(axis: Axis, asking: Asking): Pick<Axis, "holds" | "breaks"> {
  const { holds, breaks, known = [] } = axis;
  const direction = Math.sign(breaks - holds);
  const values = known
    .filter((value) => (value - holds) * direction > 0 && (breaks - value) * direction > 0)
    .toSorted((one, other) => (one - other) * direction);
  const seen = values.map((value) => asking.seen(axis.at(value)));
  if (seen.includes("both") || contradictory(seen)) return { holds, breaks };
  return narrowed(holds, breaks, values, seen);
}

/**
 * A value that holds and breaks: right at the threshold that is the machine's own jitter, and the values next to it that keep
 * their answer are taken; further away it is the site's race.
 */
function aroundBoth(
  holds: number,
  breaks: number,
  values: readonly number[],
  seen: readonly Seen[],
): Bisected {
  const first = seen.findIndex((answer) => answer === "both" || answer === "breaks");
  const last = seen.findLastIndex((answer) => answer === "both" || answer === "holds");
  const sure = {
    holds: values.findLast((_, index) => index < first && seen[index] === "holds") ?? holds,
    breaks: values.find((_, index) => index > last && seen[index] === "breaks") ?? breaks,
  };
  const near = Math.abs(sure.breaks - sure.holds) <= JITTER_MS;
  return near ? { ...sure, found: "sharp" } : { holds, breaks, found: "race" };
}

/** Whole values that part the range evenly, beginning next to `holds`; no more than are needed to be within the bound. */
function between(holds: number, breaks: number, atOnce: number, within: number): readonly number[] {
  const needed = Math.ceil(Math.abs(breaks - holds) / within) - 1;
  const count = Math.max(1, Math.min(needed, MOST_AT_ONCE, Math.max(LEAST_AT_ONCE, atOnce)));
  const values = Array.from({ length: count }, (_, index) =>
    Math.round(holds + ((breaks - holds) * (index + 1)) / (count + 1)),
  );
  return [...new Set(values)].filter((value) => value !== holds && value !== breaks);
}

/** A value holds although one nearer to the holding end breaks. */
function contradictory(seen: readonly Seen[]): boolean {
  const first = seen.indexOf("breaks");
  return first !== -1 && seen.slice(first).includes("holds");
}

/** The first step, counted from the end that holds; values of which nothing is known are passed over. */
function narrowed(
  holds: number,
  breaks: number,
  values: readonly number[],
  seen: readonly Seen[],
): { readonly holds: number; readonly breaks: number } {
  const first = seen.indexOf("breaks");
  const before = values.filter((_, index) => seen[index] === "holds" && (first === -1 || index < first));
  return { holds: before.at(-1) ?? holds, breaks: (first === -1 ? undefined : values[first]) ?? breaks };
}
