import path from "node:path";
import { readSite } from "../../definition/read-site.ts";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import { SitecarError } from "../../errors/index.ts";
import { scheduleWords } from "../../lab/report/schedule-words.ts";
import type { TrialOutcome } from "../../lab/trials/laboratory.ts";
import { readEvents } from "../../timeline/read-events.ts";
import { siteInputsFrom } from "../../timeline/saved-inputs.ts";
import { createConsole, formatProgress, type Console } from "../console.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { contractsOf } from "../explore/contracts-of.ts";
import type { OpenLaboratory } from "../explore/run-exploration.ts";
import { printable } from "../explore/wrap.ts";
import { platformStartOptions, withPlan } from "../platform-options.ts";
import { keepSite } from "./keep-site.ts";
import { formatEvents, formatOutcome, formatShare, formatTimes } from "./print-replay.ts";
import { outcomeOf } from "./replay-outcome.ts";
import { findReplay, type ReplaySource } from "./replay-source.ts";

export interface ReplayOptions {
  readonly times: number;
  readonly keep: boolean;
  readonly set: Readonly<Record<string, string>>;
  readonly contracts?: string;
  readonly json: boolean;
}

/** Finds the schedule, runs it as a trial so often, and tells what happened. */
export async function runReplay(
  what: string,
  options: ReplayOptions,
  { open, signal }: { readonly open: OpenLaboratory; readonly signal: AbortSignal },
): Promise<ExitCode> {
  if (options.keep && options.times > 1) {
    throw new SitecarError("USAGE", {
      message: "--keep leaves one site running, and --times asks for several.",
      remedy: "leave one of them out.",
    });
  }
  const source = await findReplay(what);
  const { inputs } = source;
  assertSupplied(source, options.set);
  const definition = withPlan(await readSite(siteInputsFrom(inputs, options.set)), inputs.plan);
  const console = createConsole(options.json);
  console.note(`replays ${printable(source.name)}: ${printable(scheduleWords(source.schedule))}`);
  if (options.keep) return await keepSite(definition, source, { console, signal });
  const outcomes = await runTrials(definition, source, { options, open, signal, console });
  const outcome = outcomeOf(outcomes, source.expected);
  await tell(outcomes, source, { console, share: formatShare(outcome), times: options.times });
  if (options.json) {
    console.result(JSON.stringify({ ...outcome, schedule: source.schedule, trials: outcomes }, undefined, 2));
  }
  return EXIT[outcome.verdict];
}

/** Values beside the files are not saved, since they may be secrets. */
export function assertSupplied(
  { name, inputs }: Pick<ReplaySource, "name" | "inputs">,
  given: Readonly<Record<string, string>>,
): void {
  const missing = (inputs.supplied ?? []).filter((wanted) => !Object.hasOwn(given, wanted));
  if (missing.length === 0) return;
  throw new SitecarError("USAGE", {
    message: `${name} was made with values that are not saved with it.`,
    observations: [{ label: "missing", value: missing.join(", ") }],
    remedy: `give them again: ${missing.map((wanted) => `--set ${wanted}=…`).join(" ")}`,
  });
}

async function runTrials(
  definition: SiteDefinition,
  { inputs, schedule }: ReplaySource,
  {
    options,
    open,
    signal,
    console,
  }: {
    readonly options: ReplayOptions;
    readonly open: OpenLaboratory;
    readonly signal: AbortSignal;
    readonly console: Console;
  },
): Promise<readonly TrialOutcome[]> {
  const { tickEvery, images } = inputs;
  const contracts = await contractsOf({ only: [], without: [], contracts: options.contracts });
  await using laboratory = await open(definition, {
    ...platformStartOptions(inputs),
    inputs,
    contracts,
    runsDirectory: path.resolve(process.env["SITECAR_RUNS"] ?? path.join(".sitecar", "runs")),
    signal,
    progress: (event) => console.note(formatProgress(event)),
    ...(images === undefined ? {} : { images }),
    ...(tickEvery === undefined ? {} : { tickEvery }),
  });
  const all = Array.from({ length: options.times }, async () => {
    const outcome = await laboratory.run(schedule, { signal });
    if (options.times > 1) console.note(`  ${outcome.verdict.padEnd(7)} ${outcome.runDirectory}`);
    return outcome;
  });
  return await Promise.all(all);
}

/** Of several runs, the events are those of the first that broke. */
async function tell(
  outcomes: readonly TrialOutcome[],
  { expected }: ReplaySource,
  { console, share, times }: { readonly console: Console; readonly share: string; readonly times: number },
): Promise<void> {
  const shown = outcomes.find(({ verdict }) => verdict === "broken") ?? outcomes[0];
  if (shown === undefined) return;
  const events = await readEvents(shown.runDirectory);
  console.note(["", formatEvents(events), "", formatTimes(events), "", formatOutcome(shown)].join("\n"));
  if (times > 1) console.note(`\n${share}`);
  if (expected?.symptom !== undefined) console.note(`saved for: ${printable(expected.symptom)}`);
}
