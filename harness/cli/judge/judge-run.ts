import { BUILT_IN_CONTRACTS } from "../../contracts/built-in.ts";
import { check } from "../../contracts/check.ts";
import { chooseContracts, type ContractChoice } from "../../contracts/choose-contracts.ts";
import type { Contract, Judgement } from "../../contracts/contract.ts";
import { loadContracts } from "../../contracts/load-contracts.ts";
import { readRunRecord } from "../../contracts/read-run-record.ts";
import type { RunRecord } from "../../contracts/run-record.ts";
import { cadence } from "../../contracts/wire/cadence.ts";
import { cronBindingsOf } from "../../contracts/wire/input-bindings.ts";
import { createConsole } from "../console.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { findSubject } from "../explain/subject.ts";
import { printable } from "../explore/wrap.ts";
import { formatJudgement } from "../run-findings.ts";

export interface JudgeOptions extends Required<ContractChoice> {
  readonly contracts?: string;
  readonly cadence: boolean;
  readonly json: boolean;
}

/** What the run's record shows of each contract. */
export async function judgeRun(run: string | undefined, options: JudgeOptions): Promise<ExitCode> {
  const { runDirectory } = await findSubject(run);
  const record = await readRunRecord(runDirectory);
  const judgements = check(await contractsFor(record, options), record);
  createConsole(options.json).result(
    options.json
      ? JSON.stringify({ runDirectory, judgements }, undefined, 2)
      : [...judgements.map(format), `run: ${printable(runDirectory)}`].join("\n\n"),
  );
  return exitCodeFor(judgements);
}

/** One of the user's about a binding takes the place of the one that `--cadence` adds. */
async function contractsFor(
  record: RunRecord,
  { contracts: module, cadence: cadences, only, without }: JudgeOptions,
): Promise<readonly Contract[]> {
  const names = cadences ? new Set(cronBindingsOf(record).map(({ name }) => name)) : [];
  const added = [...names].map((name) => cadence(name));
  const own = module === undefined ? [] : await loadContracts(module);
  return chooseContracts([...BUILT_IN_CONTRACTS, ...added], own, { only, without });
}

/** The failure first, then what was seen. */
function format(judgement: Judgement): string {
  const { symptom, because, evidence } = judgement;
  const follows = because === undefined ? "" : `, which follows from ${because}`;
  return formatJudgement({
    ...judgement,
    evidence: [...(symptom === undefined ? [] : [`${symptom}${follows}`]), ...evidence].map(printable),
  });
}

function exitCodeFor(judgements: readonly Judgement[]): ExitCode {
  const verdicts = new Set(judgements.map(({ verdict }) => verdict));
  if (verdicts.has("broken")) return EXIT.broken;
  return verdicts.has("unknown") ? EXIT.unknown : EXIT.held;
}
