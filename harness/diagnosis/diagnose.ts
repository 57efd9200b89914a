import type { Judgement } from "../contracts/contract.ts";
import type { RunRecord } from "../contracts/run-record.ts";
import type { Diagnosis, DiagnosisRule } from "./diagnosis.ts";
import { Look } from "./look.ts";
import { RULES } from "./rules.ts";

/**
 * The causes of a broken contract, as far as rules know them; the surest first. Empty: none fits. A cause that another one
 * says more exactly is left out; causes that are independent of each other stand side by side.
 */
export function diagnose(
  record: RunRecord,
  broken: Judgement,
  rules: readonly DiagnosisRule[] = RULES,
): readonly Diagnosis[] {
  const look = new Look(record, broken);
  const known = new Set(rules.flatMap(({ explains }) => explains));
  const found = rules
    .filter(({ explains }) => explains.includes(look.contract) || !known.has(look.contract))
    .flatMap((rule) => {
      const conclusion = rule.conclude(look);
      return conclusion === undefined ? [] : [{ rule, conclusion }];
    });
  const displaced = new Set(found.flatMap(({ rule }) => rule.insteadOf ?? []));
  return found
    .filter(({ rule }) => !displaced.has(rule.id))
    .map(({ rule, conclusion: { cause, evidence, remedies } }) => ({
      rule: rule.id,
      cause,
      evidence,
      source: rule.source,
      remedies,
    }));
}
