import { check } from "../../contracts/check.ts";
import type { Contract, Judgement } from "../../contracts/contract.ts";
import type { RunRecord } from "../../contracts/run-record.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import type { Divergence } from "../../diagnosis/divergence.ts";
import type { FailingClass } from "../../lab/exploration.ts";

/** A cause, with all that it broke. */
export interface Explained {
  readonly diagnosis: Diagnosis;
  readonly breaks: readonly Judgement[];
}

/** What no rule knows a cause of. */
export interface Unexplained {
  readonly judgement: Judgement;
  /** Absent: no run is known in which it holds. */
  readonly divergence?: Divergence;
}

export interface Explanation {
  readonly runDirectory: string;
  readonly broken: readonly Judgement[];
  readonly unknown: readonly Judgement[];
  readonly causes: readonly Explained[];
  readonly unexplained: readonly Unexplained[];
}

/**
 * Judges a run and says why what is broken is. What follows from another broken promise, by what the contracts say, is
 * explained by that one's cause.
 * @param failing only what broke as this class did.
 * @param diverge gives, where no rule fits, how the run differs from the nearest that holds.
 */
export async function explain(
  record: RunRecord,
  contracts: readonly Contract[],
  {
    failing,
    diverge,
  }: {
    readonly failing?: FailingClass | undefined;
    readonly diverge: (judgement: Judgement) => Promise<Divergence | undefined>;
  },
): Promise<Explanation> {
  const judgements = check(contracts, record);
  const broken = judgements.filter(({ verdict }) => verdict === "broken");
  const wanted = failing === undefined ? broken : broken.filter((one) => isOf(one, failing));
  const causes = new Map<string, { diagnosis: Diagnosis; breaks: Judgement[] }>();
  const unexplained: Unexplained[] = [];
  for (const judgement of wanted) {
    const found = diagnose(record, judgement);
    for (const diagnosis of found) {
      const key = `${diagnosis.rule}\n${diagnosis.cause}`;
      const known = causes.get(key) ?? { diagnosis, breaks: [] };
      known.breaks.push(judgement);
      causes.set(key, known);
    }
    const follows =
      judgement.because !== undefined && wanted.some(({ contract }) => contract === judgement.because);
    if (found.length > 0 || follows) continue;
    const divergence = await diverge(judgement);
    unexplained.push({ judgement, ...(divergence === undefined ? {} : { divergence }) });
  }
  return {
    runDirectory: record.runDirectory,
    broken: wanted,
    unknown: judgements.filter(({ verdict }) => verdict === "unknown"),
    causes: [...causes.values()],
    unexplained,
  };
}

function isOf(judgement: Judgement, { contract, symptom }: FailingClass): boolean {
  return nameOf(judgement.contract) === nameOf(contract) && (judgement.symptom ?? "") === symptom;
}

/** The contract's name, without what it is about. */
export function nameOf(contract: string): string {
  return contract.split("(", 1)[0] ?? contract;
}
