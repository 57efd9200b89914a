import type { Judgement } from "./contract.ts";

/**
 * One judgement for each subject and symptom out of those of several instances: `broken` wins over `unknown` over `held`, with
 * the evidence of all that say the same.
 */
export function mergeInstances(judgements: readonly Judgement[]): readonly Judgement[] {
  return [...Map.groupBy(judgements, ({ contract }) => contract).values()].flatMap((same) => {
    const broken = same.filter(({ verdict }) => verdict === "broken");
    const unknown = same.filter(({ verdict }) => verdict === "unknown");
    // Where nothing was due in one instance only, the other's doubt stands, and so does what the other has shown.
    const doubtful = unknown.filter(({ nothingDue }) => nothingDue !== true);
    const shown = same.filter(({ verdict }) => verdict === "held");
    const telling = [broken, doubtful, shown].find((some) => some.length > 0) ?? same;
    return [...Map.groupBy(telling, ({ symptom }) => symptom).values()].flatMap((alike) => {
      const [first] = alike;
      return first === undefined
        ? []
        : [{ ...first, evidence: [...new Set(alike.flatMap(({ evidence }) => evidence))] }];
    });
  });
}
