import type { Verdict } from "../contracts/contract.ts";
import type { Exploration } from "./exploration.ts";

/**
 * `broken` as soon as one schedule broke a contract; else `unknown` when one could not be judged, nothing was tried, or it ended early.
 * What was left out for want of time makes no verdict: it is stated beside it.
 */
export function verdictOf({
  tried,
  classes,
  endedEarly,
}: Pick<Exploration, "tried" | "classes" | "endedEarly">): Verdict {
  if (classes.length > 0 || tried.some(({ verdict }) => verdict === "broken")) return "broken";
  return endedEarly !== undefined || tried.length === 0 || tried.some(({ verdict }) => verdict === "unknown")
    ? "unknown"
    : "held";
}
