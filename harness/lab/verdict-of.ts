import type { Verdict } from "../contracts/contract.ts";
import type { Exploration } from "./exploration.ts";

/**
 * `broken` as soon as one schedule broke a contract; else `unknown` when one could not be judged, or nothing was tried.
 * What was left out for want of time makes no verdict: it is stated beside it.
 */
export function verdictOf({ tried, classes }: Pick<Exploration, "tried" | "classes">): Verdict {
  if (classes.length > 0 || tried.some(({ verdict }) => verdict === "broken")) return "broken";
  return tried.length === 0 || tried.some(({ verdict }) => verdict === "unknown") ? "unknown" : "held";
}
