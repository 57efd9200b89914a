import type { Schedule } from "../../schedule/schedule.ts";
import type { Axis, Bisected } from "./bisect.ts";
import type { JudgeOptions, MovedSide } from "./judge.ts";

/** A number of a schedule, by the name that it has for the reader. */
export interface NamedAxis extends Axis {
  readonly what: string;
  readonly unit?: string;
}

/** A number and where its threshold lies. */
export interface Located {
  readonly axis: NamedAxis;
  readonly bisected: Bisected;
}

/** Both sides of the threshold, further apart by a margin but not beyond what is known; without one, as they were found. */
export function pairsOf(
  schedule: Schedule,
  holding: Schedule | undefined,
  located: Located | undefined,
): JudgeOptions["pairAt"] {
  if (located === undefined) {
    const breaks = { schedule, marginMs: 0 };
    return () => (holding === undefined ? { breaks } : { breaks, holds: { schedule: holding, marginMs: 0 } });
  }
  const { axis, bisected } = located;
  const sideAt = (found: number, known: number, wantedMs: number): MovedSide => {
    const marginMs = axis.counted ? 0 : Math.min(wantedMs, Math.abs(known - found));
    return { schedule: axis.at(found + Math.sign(known - found) * marginMs), marginMs };
  };
  return (marginMs) => ({
    breaks: sideAt(bisected.breaks, axis.breaks, marginMs),
    holds: sideAt(bisected.holds, axis.holds, marginMs),
  });
}
