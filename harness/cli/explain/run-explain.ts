import type { Contract, Judgement } from "../../contracts/contract.ts";
import { readRunRecord } from "../../contracts/read-run-record.ts";
import { readSite } from "../../definition/read-site.ts";
import { divergenceOf } from "../../diagnosis/divergence.ts";
import { SitecarError } from "../../errors/index.ts";
import { siteInputsFrom } from "../../timeline/saved-inputs.ts";
import { createConsole, type Console } from "../console.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { contractsOf } from "../explore/contracts-of.ts";
import type { OpenLaboratory } from "../explore/run-exploration.ts";
import { withPlan } from "../platform-options.ts";
import { findReplay } from "../replay/replay-source.ts";
import { assertSupplied } from "../replay/run-replay.ts";
import { explain, type Explanation } from "./explanation.ts";
import { nearestHeldRun } from "./nearest-run.ts";
import { formatExplanation, formatTrial } from "./print-explanation.ts";
import { findSubject, type Subject } from "./subject.ts";
import { tryRemedies, type RemedyTrial } from "./try-remedies.ts";

export interface ExplainOptions {
  readonly try: boolean;
  readonly set: Readonly<Record<string, string>>;
  readonly contracts?: string;
  readonly json: boolean;
}

/** Judges what a run left, says why what is broken is, and with `--try` proves the remedy on a copy of the site. */
export async function runExplain(
  what: string | undefined,
  options: ExplainOptions,
  { open, signal }: { readonly open: OpenLaboratory; readonly signal: AbortSignal },
): Promise<ExitCode> {
  const console = createConsole(options.json);
  const subject = await findSubject(what);
  const contracts = await contractsOf({ only: [], without: [], contracts: options.contracts });
  const explanation = await explainSubject(subject, contracts);
  if (!options.json) console.result(formatExplanation(explanation));
  const trials =
    options.try && explanation.causes.length > 0
      ? await tryThem(what, subject, explanation, { options, contracts, open, signal, console })
      : [];
  if (options.json) console.result(JSON.stringify({ ...explanation, trials }, undefined, 2));
  return exitCode(explanation, trials);
}

async function explainSubject(
  { runDirectory, failing }: Subject,
  contracts: readonly Contract[],
): Promise<Explanation> {
  const record = await readRunRecord(runDirectory);
  return await explain(record, contracts, {
    failing,
    diverge: async (judgement) => {
      const held =
        failing?.heldRunDirectory === undefined
          ? await nearestHeldRun(record, judgement, contracts)
          : await readRunRecord(failing.heldRunDirectory);
      return held === undefined ? undefined : divergenceOf(held, record);
    },
  });
}

async function tryThem(
  what: string | undefined,
  { runDirectory, failing }: Subject,
  { causes, broken }: Explanation,
  parts: {
    readonly options: ExplainOptions;
    readonly contracts: readonly Contract[];
    readonly open: OpenLaboratory;
    readonly signal: AbortSignal;
    readonly console: Console;
  },
): Promise<readonly RemedyTrial[]> {
  const { options, contracts, open, signal, console } = parts;
  // A class is replayed from its own file, which knows how its cron bindings were shortened.
  const source = await findReplay(
    failing === undefined || what === undefined ? runDirectory : failing.scheduleFile,
  );
  assertSupplied(source, options.set);
  const { inputs } = source;
  const definition = withPlan(await readSite(siteInputsFrom(inputs, options.set)), inputs.plan);
  try {
    return await tryRemedies(causes, {
      definition,
      source,
      contracts,
      broken,
      ...(failing === undefined ? {} : { repeats: failing.repeats }),
      open,
      console,
      signal,
      onTrial: (trial) => console.note(formatTrial(trial)),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new SitecarError("RUN_STOPPED", {
      message: "the command was ended before all remedies were tried.",
      remedy: "let it run on; what was found without trying is told above.",
    });
  }
}

/** 0: nothing is broken, or each broken promise has a cause whose remedy proved itself, or follows from one that has. */
export function exitCode({ broken, unknown, causes }: Explanation, trials: readonly RemedyTrial[]): ExitCode {
  if (broken.length === 0) return unknown.length === 0 ? EXIT.held : EXIT.unknown;
  const proved = new Set(trials.filter(({ result }) => result === "proved").map(({ cause }) => cause));
  const cured = causes.filter(({ diagnosis }) => proved.has(diagnosis.cause)).flatMap(({ breaks }) => breaks);
  const isCured = ({ contract, because }: Judgement): boolean =>
    cured.some((one) => one.contract === contract || one.contract === because);
  if (broken.every(isCured)) return EXIT.held;
  const judged = trials.some(({ result }) => result !== "unknown" && result !== "not-applicable");
  return trials.length > 0 && !judged ? EXIT.unknown : EXIT.broken;
}
