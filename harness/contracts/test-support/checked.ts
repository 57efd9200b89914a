import { check } from "../check.ts";
import type { BuiltInContract, Judgement } from "../contract.ts";
import type { RunRecord } from "../run-record.ts";

/** As {@link check}; whatever a contract is made to say stands in docs/built-in-contracts.md. */
export function checked(contracts: readonly BuiltInContract[], record: RunRecord): readonly Judgement[] {
  const judgements = check(contracts, record);
  for (const { contract, symptom } of judgements) {
    const symptoms = contracts
      .filter(({ name }) => nameOf(name) === nameOf(contract))
      .flatMap((one) => one.symptoms);
    if (symptom === undefined || symptoms.some((one) => matches(one.split("…"), symptom))) continue;
    throw new Error(`${contract} does not list its symptom ${symptom}`);
  }
  return judgements;
}

function nameOf(contract: string): string | undefined {
  return contract.split("(", 1)[0];
}

function matches(parts: readonly string[], symptom: string): boolean {
  const pattern = parts.map((part) => part.replaceAll(/[^\w "]/g, String.raw`\$&`)).join(".+");
  return new RegExp(`^${pattern}$`).test(symptom);
}
