import type { Contract, Judgement } from "./contract.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * What the contracts say of a run, in their order. Never throws: a contract that does is `unknown`, with its error as the
 * evidence. Of a run with virtual time each of them says so.
 */
export function check(contracts: readonly Contract[], record: RunRecord): Judgement[] {
  const judgements = contracts
    .flatMap((contract) => judge(contract, record))
    .map((judgement) => sayVirtual(judgement, record));
  const broken = new Set(
    judgements.filter(({ verdict }) => verdict === "broken").map(({ contract }) => contract),
  );
  // What follows from a judgement that nobody asked for stands by itself.
  return judgements.map(({ because, ...judgement }) =>
    because === undefined || !broken.has(because) ? judgement : { ...judgement, because },
  );
}

/** A verdict of virtual time is not to be taken for one of real time, wherever it is read. */
function sayVirtual(judgement: Judgement, { plan, events }: RunRecord): Judgement {
  if (plan.virtualTime === undefined) return judgement;
  const { from } = plan.virtualTime;
  const to = events.findLast((event) => event.type === "virtual.advanced")?.to ?? from;
  const said = `virtual time: cron followed sitecar's clock, from ${from} to ${to}`;
  return { ...judgement, time: "virtual", evidence: [...judgement.evidence, said] };
}

const VERDICTS: readonly unknown[] = ["held", "broken", "unknown"];

function judge(contract: Contract, record: RunRecord): readonly Judgement[] {
  try {
    const judgements: unknown = contract.judge(record);
    if (!Array.isArray(judgements)) throw new TypeError("it returned no list of judgements");
    return judgements.map((one) => {
      if (isJudgement(one)) return one;
      throw new TypeError(`it returned what is no judgement: ${JSON.stringify(one)}`);
    });
  } catch (error) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return [{ contract: contract.name, verdict: "unknown", evidence: [`the contract failed: ${what}`] }];
  }
}

/** Users' contracts may be plain JavaScript. */
function isJudgement(value: unknown): value is Judgement {
  if (typeof value !== "object" || value === null) return false;
  if (!("contract" in value && "verdict" in value && "evidence" in value)) return false;
  return (
    typeof value.contract === "string" &&
    VERDICTS.includes(value.verdict) &&
    Array.isArray(value.evidence) &&
    value.evidence.every((one) => typeof one === "string")
  );
}
