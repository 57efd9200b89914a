import type { FailingClass, Repeats, Threshold } from "../exploration.ts";

/** A delay as the report writes it: `next` for right after, else `300 ms`, `2.5 s`. */
export function formatDelay(ms: number): string {
  return ms === 0 ? "next" : formatTime(ms);
}

/** `0 s`, `300 ms`, `2.93 s`, `12 s`, `4 min 5 s`. */
export function formatTime(ms: number): string {
  if (ms === 0) return "0 s";
  if (Math.abs(ms) < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 120) return `${Number(seconds.toFixed(2))} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `broken in 20 of 20 runs (95 %: 83–100 %)`. */
export function formatRepeats({ runs, broken, interval: [least, most] }: Repeats): string {
  if (runs === 0) return "not repeated";
  return `broken in ${broken} of ${runs} ${runs === 1 ? "run" : "runs"} (95 %: ${percent(least)}–${percent(most)} %)`;
}

function percent(share: number): number {
  return Math.round(share * 100);
}

/** A side of a threshold: `3.04 s`, or `3 requests`. */
export function formatSide(value: number, { unit }: Pick<Threshold, "unit">): string {
  return unit === undefined ? formatTime(value) : `${value} ${unit}`;
}

/** What a class's judgement means, in a sentence. */
export function meaningOf({ judgement, repeats }: Pick<FailingClass, "judgement" | "repeats">): string {
  return judgement === "race" && repeats.broken === 0 ? SEEN_ONCE : JUDGEMENTS[judgement];
}

const SEEN_ONCE = "broken before and in no repeat: a rare race, or none of the site's";

const JUDGEMENTS: Readonly<Record<FailingClass["judgement"], string>> = {
  always: "every schedule that was tried breaks it, the plainest too",
  "order-determined": "the same schedule always breaks it, its neighbour never",
  race: "the same schedule breaks it in some runs and not in others",
  unknown: "not repeated often enough to be judged",
};

/** A for the first class, Z for the 26th, then AA. */
export function letterOf(index: number): string {
  const last = String.fromCodePoint(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

/** `1 class`, `2 classes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
