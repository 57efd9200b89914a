import type { Verdict } from "../../contracts/contract.ts";
import type { ExplorationProgress } from "../../lab/exploration.ts";
import { formatTime } from "../../lab/report/words.ts";
import { printable } from "./wrap.ts";

/** How far an exploration is. */
export interface ProgressState {
  readonly done: number;
  readonly of: number;
  readonly leftOut: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly classes: number;
  readonly remainingMs?: number;
  /** The class that is being narrowed down, and how. */
  readonly narrowing?: string;
}

export const NOTHING_DONE: ProgressState = {
  done: 0,
  of: 0,
  leftOut: 0,
  verdicts: { held: 0, broken: 0, unknown: 0 },
  classes: 0,
};

const NARROWING = { dropping: "dropping steps", bisecting: "bisecting", repeating: "repeating" } as const;

/** The state after something was told. */
export function progressed(state: ProgressState, event: ExplorationProgress): ProgressState {
  switch (event.type) {
    case "planned":
      return { ...state, of: event.points, leftOut: event.leftOut };
    case "tried": {
      const { verdict } = event.tried;
      const verdicts = { ...state.verdicts, [verdict]: state.verdicts[verdict] + 1 };
      return { ...state, done: event.done, of: event.of, verdicts, remainingMs: event.remainingMs };
    }
    case "class-found":
      return { ...state, classes: state.classes + 1 };
    case "narrowing":
      return {
        ...state,
        remainingMs: event.remainingMs,
        narrowing: `${event.key}: ${NARROWING[event.step]}, ${event.detail}`,
      };
    case "judged": {
      const { narrowing: _, ...rest } = state;
      return rest;
    }
    default:
      event satisfies never;
      return state;
  }
}

/** One line: `48 of 150 · 40 held · 7 broken · 1 unknown · 2 classes · 6 at once · 2 min 5 s left · …`, cut to the width. */
export function formatState(state: ProgressState, atOnce: number, width: number): string {
  const { done, of, verdicts, classes, remainingMs, narrowing } = state;
  const text = [
    `${done} of ${of}`,
    ...(["held", "broken", "unknown"] as const).map((verdict) => `${verdicts[verdict]} ${verdict}`),
    ...(classes === 0 ? [] : [`${classes} ${classes === 1 ? "class" : "classes"}`]),
    ...(atOnce === 0 ? [] : [`${atOnce} at once`]),
    ...(remainingMs === undefined ? [] : [`${formatTime(Math.ceil(remainingMs / 1000) * 1000)} left`]),
    ...(narrowing === undefined ? [] : [printable(narrowing)]),
  ].join(" · ");
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}

/** What stays on the screen, in a line of its own; `undefined` for what only moves the counts. */
export function formatNews(event: ExplorationProgress): string | undefined {
  switch (event.type) {
    case "planned":
      return `${event.points} schedules${event.leftOut === 0 ? "" : `, ${event.leftOut} are left out for want of time`}`;
    case "class-found":
      return `broken: ${printable(event.key)} (${printable(event.point)})`;
    case "judged":
      return `judged: ${printable(event.class.key)}: ${event.class.judgement}`;
    case "tried":
    case "narrowing":
      return undefined;
    default:
      event satisfies never;
      return undefined;
  }
}
