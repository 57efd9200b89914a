import type { Schedule } from "../../schedule/schedule.ts";
import type { Cue, FaultData, Moment, ScheduledStep } from "../../schedule/step.ts";
import { formatTime } from "./words.ts";

/** `storage 0 s · dapr +2 s · main never; dapr kill when dapr has found the app`. */
export function scheduleWords({ starts, steps = [] }: Schedule): string {
  const inOrder = starts.toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity));
  const times = inOrder.map(({ container, atMs }) => `${container} ${startWords(atMs)}`).join(" · ");
  return [times, ...steps.map(stepWords)].join("; ");
}

export function startWords(atMs: number | null): string {
  if (atMs === null) return "never";
  return atMs === 0 ? "0 s" : `+${formatTime(atMs)}`;
}

/** `dapr kill at +2 s`, `storage-status status=503 first=3 from +0 s until +5 s`. */
export function stepWords(step: ScheduledStep): string {
  if ("inject" in step) {
    const until = step.until === undefined ? "" : ` until ${momentWords(step.until)}`;
    return `${faultWords(step.inject)} from ${momentWords(step.when)}${until}`;
  }
  if (step.do === "stop-site") return `site stopped at ${momentWords(step.when)}`;
  const signal = step.signal === undefined ? "" : ` (${step.signal})`;
  return `${step.container} ${step.do}${signal} at ${momentWords(step.when)}`;
}

export function momentWords(moment: Moment): string {
  if ("atMs" in moment) return startWords(moment.atMs);
  const { after, plusMs = 0 } = moment;
  return plusMs === 0 ? cueWords(after) : `${cueWords(after)} +${formatTime(plusMs)}`;
}

function faultWords({ fault, ...attributes }: FaultData): string {
  return [fault, ...Object.entries(attributes).map(([name, value]) => `${name}=${String(value)}`)].join(" ");
}

function cueWords(cue: Cue): string {
  const { seen, count = 1, ...what } = { count: 1, ...cue };
  const subject = Object.values(what).map(String).join(" ");
  const nth = count === 1 ? "" : ` #${count}`;
  return `${seen}${subject === "" ? "" : ` ${subject}`}${nth}`;
}
