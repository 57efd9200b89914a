import { describe, expect, it } from "vitest";

import type { Judgement } from "../../contracts/contract.ts";
import { diagnose } from "../diagnose.ts";
import type { Diagnosis, DiagnosisRule } from "../diagnosis.ts";
import { Look } from "../look.ts";
import { runRecord, type RecordParts } from "./record.ts";

export function broken(contract: string, symptom?: string): Judgement {
  return { contract, verdict: "broken", evidence: [], ...(symptom === undefined ? {} : { symptom }) };
}

/** What a rule is shown on. */
export interface RuleCase {
  /** Broken contract. */
  readonly contract: string;
  readonly symptom?: string;
  readonly bad: RecordParts;
  readonly cause: RegExp;
  /** In one of the quotes. */
  readonly quotes: RegExp;
  /** Of the first remedy that can be tried; absent: none can be. */
  readonly tries?: unknown;
  /** Records that look much like it, and where it is not the cause; by why. */
  readonly near: Readonly<Record<string, RecordParts>>;
}

/** Shows a rule fire on a bad record, through all rules, and not on its near misses and a good record. */
export function showRule(
  rule: DiagnosisRule,
  { contract, symptom, bad, cause, quotes, tries, near }: RuleCase,
): void {
  describe(`${rule.id}: ${cause.source}`, () => {
    const judgement = broken(contract, symptom);
    const found = (): Diagnosis | undefined =>
      diagnose(runRecord(bad), judgement).find((one) => one.rule === rule.id);

    it("is the cause, with its evidence quoted", () => {
      expect(found()?.cause).toMatch(cause);
      expect(
        found()
          ?.evidence.map(({ quote }) => quote)
          .join("\n"),
      ).toMatch(quotes);
    });

    it("has a remedy", () => {
      const remedies = found()?.remedies ?? [];
      expect(remedies.length).toBeGreaterThan(0);
      const changes = remedies.find((remedy) => remedy.changes !== undefined)?.changes;
      expect(changes).toEqual(tries);
    });

    it.each(Object.entries({ ...near, "in a good run": {} }))("is not the cause %s", (_, parts) => {
      expect(rule.conclude(new Look(runRecord(parts), judgement))).toBeUndefined();
    });
  });
}
