import { BUILT_IN_CONTRACTS } from "../built-in.ts";
import type { Judgement } from "../contract.ts";
import type { RunRecord } from "../run-record.ts";
import { checked } from "./checked.ts";
import { exampleRun, type ExampleRun } from "./example-run.ts";
import { blobs, startOf, successes, type Moment } from "./moments.ts";

/** A run with the example's start, these ticks, and a blob for each that succeeded. */
export function run(fired: readonly Moment[], more: Partial<ExampleRun> = {}): RunRecord {
  const moments = [...startOf(), ...fired, ...blobs(successes(fired)), ...(more.moments ?? [])];
  return exampleRun({ ...more, moments });
}

/** The judgements that are not `held`, each as `<verdict> <contract>: <symptom> <= <because>`. */
export function troubles(record: RunRecord): readonly string[] {
  return checked(BUILT_IN_CONTRACTS, record)
    .filter(({ verdict }) => verdict !== "held")
    .map(describe);
}

/** All that is said of this contract, in the same form. */
export function judged(record: RunRecord, contract: string): readonly string[] {
  return judgementsOf(record, contract).map(describe);
}

export function judgementsOf(record: RunRecord, contract: string): readonly Judgement[] {
  return checked(BUILT_IN_CONTRACTS, record).filter((one) => one.contract.startsWith(contract));
}

function describe({ verdict, contract, symptom, because }: Judgement): string {
  return [
    `${verdict} ${contract}`,
    ...(symptom === undefined ? [] : [`: ${symptom}`]),
    ...(because === undefined ? [] : [` <= ${because}`]),
  ].join("");
}
