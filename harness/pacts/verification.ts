import type { Verdict } from "../contracts/contract.ts";
import type { Difference } from "./difference.ts";
import type { Direction } from "./direction.ts";
import type { ActualRequest, ActualResponse, PactInteraction } from "./pact-file.ts";

/** Puts a request to a side, and hands back its answer. Rejects where none comes. */
export type Ask = (request: ActualRequest) => Promise<ActualResponse>;

/** What became of one interaction of a contract. */
export interface InteractionResult {
  readonly direction: Direction;
  readonly key: string;
  readonly description: string;
  readonly verdict: Verdict;
  readonly differences: readonly Difference[];
}

/** A request that no contract states. */
export interface UnstatedRequest {
  readonly direction: Direction;
  readonly method: string;
  readonly path: string;
  readonly times: number;
}

export interface Verification {
  /** Who was held against the contract, for example `daprd 1.14.4`. */
  readonly against: string;
  readonly results: readonly InteractionResult[];
  readonly unstated: readonly UnstatedRequest[];
  /** `broken` where one result is, or where something is asked that no contract states. */
  readonly verdict: Verdict;
}

export function conclude(
  against: string,
  results: readonly InteractionResult[],
  unstated: readonly UnstatedRequest[],
): Verification {
  const verdicts = new Set(results.map(({ verdict }) => verdict));
  const verdict =
    verdicts.has("broken") || unstated.length > 0
      ? "broken"
      : verdicts.has("unknown") || results.length === 0
        ? "unknown"
        : "held";
  return { against, results, unstated, verdict };
}

export function resultOf(
  { key, description }: PactInteraction,
  direction: Direction,
  differences: readonly Difference[],
): InteractionResult {
  const unique = new Map(differences.map((difference) => [JSON.stringify(difference), difference]));
  return {
    direction,
    key,
    description,
    verdict: differences.some(({ breaks }) => breaks) ? "broken" : "held",
    differences: [...unique.values()],
  };
}

/** Nothing came back at all. */
export function noAnswer(error: unknown, { response }: PactInteraction): Difference {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return {
    field: "response",
    kind: "missing",
    stated: `an answer ${response.status}`,
    seen: `${error instanceof Error ? error.message : String(error)}${cause}`,
    breaks: true,
  };
}
