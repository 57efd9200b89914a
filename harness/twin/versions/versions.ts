import { notCovered } from "../not-covered.ts";
import { DAPR_1_18_2 } from "./dapr-1.18.2.ts";
import type { DaprFacts } from "./dapr-facts.ts";

/** Newest first. */
const VERSIONS: readonly DaprFacts[] = [DAPR_1_18_2];

/** The versions of daprd that the twin can be. */
export const TWIN_VERSIONS: readonly string[] = VERSIONS.map(({ version }) => version);

/**
 * @param version default: the newest.
 * @throws {SitecarError} TWIN_NOT_COVERED
 */
export function factsOf(version: string = DAPR_1_18_2.version): DaprFacts {
  const facts = VERSIONS.find((one) => one.version === version);
  if (facts !== undefined) return facts;
  throw notCovered({
    what: `daprd ${version}`,
    instead: `use one of the versions it was measured against: ${TWIN_VERSIONS.join(", ")}.`,
  });
}
