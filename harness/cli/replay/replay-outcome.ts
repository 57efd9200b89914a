import type { Verdict } from "../../contracts/contract.ts";
import type { ScheduleFile } from "../../lab/schedule-file.ts";
import type { TrialOutcome } from "../../lab/trials/laboratory.ts";
import { clopperPearson } from "../../shared/binomial-interval.ts";

/** What came of a schedule that was run one time or several. */
export interface ReplayOutcome {
  readonly runs: number;
  readonly held: number;
  readonly broken: number;
  readonly unknown: number;
  /** How often it broke in the way it was saved for. Absent: it was saved for none. */
  readonly asExpected?: number;
  /** Of the share that broke (as expected, where something was), among the runs that could be judged: 95 %. */
  readonly interval: readonly [number, number];
  readonly verdict: Verdict;
}

/** `broken` as soon as one run is, else `unknown` as soon as one is. */
export function outcomeOf(
  outcomes: readonly TrialOutcome[],
  expected?: ScheduleFile["expected"],
): ReplayOutcome {
  const count = (verdict: Verdict): number => outcomes.filter((one) => one.verdict === verdict).length;
  const [held, broken, unknown] = [count("held"), count("broken"), count("unknown")];
  const asExpected =
    expected?.verdict === "broken"
      ? outcomes.filter((one) => breaksAsExpected(one, expected)).length
      : undefined;
  return {
    runs: outcomes.length,
    held,
    broken,
    unknown,
    ...(asExpected === undefined ? {} : { asExpected }),
    interval: held + broken === 0 ? [0, 1] : clopperPearson(asExpected ?? broken, held + broken),
    verdict: broken > 0 ? "broken" : unknown > 0 || outcomes.length === 0 ? "unknown" : "held",
  };
}

/** Broken by the contract and with the symptom that the schedule was saved for. */
export function breaksAsExpected(
  { verdict, judgements }: TrialOutcome,
  { contract, symptom }: NonNullable<ScheduleFile["expected"]>,
): boolean {
  if (verdict !== "broken") return false;
  return judgements.some(
    (one) =>
      one.verdict === "broken" &&
      (contract === undefined || one.contract === contract || one.contract.startsWith(`${contract}(`)) &&
      (symptom === undefined || one.symptom === symptom),
  );
}
