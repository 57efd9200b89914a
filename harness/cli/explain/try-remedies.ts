import path from "node:path";

import type { Contract, Judgement } from "../../contracts/contract.ts";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import type { Diagnosis, Remedy } from "../../diagnosis/diagnosis.ts";
import { applyRemedy, describeChange } from "../../diagnosis/remedies/apply-remedy.ts";
import { SitecarError } from "../../errors/index.ts";
import type { TrialOutcome } from "../../lab/laboratory.ts";
import { CreatedContents } from "../../site/container-contents.ts";
import { prepareHost } from "../../site/host.ts";
import { formatProgress, type Console } from "../console.ts";
import type { OpenLaboratory } from "../explore/run-exploration.ts";
import { platformStartOptions } from "../platform-options.ts";
import type { ReplaySource } from "../replay/replay-source.ts";
import type { Explained } from "./explanation.ts";

/** How a remedy fared. */
export interface RemedyTrial {
  /** The cause's sentence. */
  readonly cause: string;
  readonly rule: string;
  readonly remedy: string;
  /** What was changed in the copy, one line each. */
  readonly changes: readonly string[];
  /**
   * `proved`: what the cause broke holds now, and nothing else is broken for it. `partly`: it holds, and something else is
   * broken now. `still-broken`: it does not hold. `unknown`: that run could not be judged. `not-applicable`: what has to
   * change was not found.
   */
  readonly result: "proved" | "partly" | "still-broken" | "unknown" | "not-applicable";
  /** What was seen: of the contracts that are still broken, or why it could not be tried. */
  readonly detail: readonly string[];
  /** Contracts that are broken in that run and were not before. */
  readonly newlyBroken: readonly string[];
  readonly runDirectory?: string;
}

export interface TryParts {
  readonly definition: SiteDefinition;
  readonly source: ReplaySource;
  readonly contracts: readonly Contract[];
  /** All that was broken in the run that is explained. */
  readonly broken: readonly Judgement[];
  readonly open: OpenLaboratory;
  readonly console: Console;
  readonly signal: AbortSignal;
  /** Called when a remedy has been tried. */
  readonly onTrial: (trial: RemedyTrial) => void;
}

/**
 * For each cause its remedies, the best first, on a copy of the site under the schedule that failed, until one proves itself.
 * The site's own files are not touched. What can't be tried by a change to files is passed over.
 */
export async function tryRemedies(
  causes: readonly Explained[],
  parts: TryParts,
): Promise<readonly RemedyTrial[]> {
  const { definition, source, console, signal } = parts;
  const host = await prepareHost([definition], {
    signal,
    progress: (event) => console.note(formatProgress(event)),
    ...(source.inputs.images === undefined ? {} : { images: source.inputs.images }),
  });
  await using contents = new CreatedContents(host, definition, source.inputs.images);
  const trials: RemedyTrial[] = [];
  for (const cause of causes) {
    for (const remedy of cause.diagnosis.remedies) {
      if (remedy.changes === undefined) continue;
      const trial = await tryOne(cause, remedy, { ...parts, host, contents });
      trials.push(trial);
      parts.onTrial(trial);
      if (trial.result === "proved") break;
    }
  }
  return trials;
}

async function tryOne(
  { diagnosis, breaks }: Explained,
  remedy: Remedy,
  parts: TryParts & {
    readonly host: Awaited<ReturnType<typeof prepareHost>>;
    readonly contents: CreatedContents;
  },
): Promise<RemedyTrial> {
  const { definition, contents, console } = parts;
  const changes = remedy.changes ?? [];
  const told = describe(diagnosis, remedy);
  console.note(`\n  tries    ${told.changes.join("\n           ")}`);
  try {
    const copy = await applyRemedy({ definition, files: {} }, changes, contents);
    const outcome = await runOnce(copy, parts);
    return { ...told, ...judge(outcome, breaks, parts.broken), runDirectory: outcome.runDirectory };
  } catch (error) {
    if (!(error instanceof SitecarError && error.code === "REMEDY_NOT_APPLICABLE")) throw error;
    return { ...told, result: "not-applicable", detail: [error.message], newlyBroken: [] };
  }
}

function describe(
  diagnosis: Diagnosis,
  remedy: Remedy,
): Pick<RemedyTrial, "cause" | "rule" | "remedy" | "changes"> {
  return {
    cause: diagnosis.cause,
    rule: diagnosis.rule,
    remedy: remedy.text,
    changes: (remedy.changes ?? []).map(describeChange),
  };
}

async function runOnce(
  { definition, files }: Awaited<ReturnType<typeof applyRemedy>>,
  { source, contracts, open, host, signal }: Parameters<typeof tryOne>[2],
): Promise<TrialOutcome> {
  const { schedule, inputs } = source;
  const { images, tickEvery } = inputs;
  await using laboratory = await open(definition, {
    ...platformStartOptions(inputs),
    host,
    files,
    contracts,
    runsDirectory: path.resolve(process.env["SITECAR_RUNS"] ?? path.join(".sitecar", "runs")),
    mostAtOnce: 1,
    signal,
    ...(images === undefined ? {} : { images }),
    ...(tickEvery === undefined ? {} : { tickEvery }),
  });
  return await laboratory.run(schedule, { signal });
}

function isSame(a: Judgement): (b: Judgement) => boolean {
  return (b) => a.contract === b.contract && a.symptom === b.symptom;
}

/** Green: each contract that the cause broke is judged again, and none of them is broken in that way any more. */
export function judge(
  { judgements, reason }: Pick<TrialOutcome, "judgements" | "reason">,
  breaks: readonly Judgement[],
  brokenBefore: readonly Judgement[],
): Pick<RemedyTrial, "result" | "detail" | "newlyBroken"> {
  const still = judgements.filter((one) => one.verdict === "broken" && breaks.some(isSame(one)));
  const newlyBroken = judgements
    .filter((one) => one.verdict === "broken" && !brokenBefore.some(isSame(one)))
    .map(({ contract, symptom }) => `${contract}: ${symptom ?? "broken"}`);
  if (still.length > 0) {
    return { result: "still-broken", detail: still.flatMap(({ evidence }) => evidence), newlyBroken };
  }
  const unjudged = breaks.filter(
    (one) => !judgements.some(({ contract, verdict }) => contract === one.contract && verdict !== "unknown"),
  );
  if (reason !== undefined || unjudged.length > 0) {
    const unknown = judgements.filter(({ verdict }) => verdict === "unknown");
    return {
      result: "unknown",
      detail: [...(reason === undefined ? [] : [reason]), ...unknown.flatMap(({ evidence }) => evidence)],
      newlyBroken,
    };
  }
  // The same contract broken in another way: the remedy only moved the failure.
  const moved = judgements.filter(
    (one) =>
      one.verdict === "broken" &&
      breaks.some(({ contract }) => contract === one.contract) &&
      !brokenBefore.some(isSame(one)),
  );
  if (moved.length > 0)
    return { result: "still-broken", detail: moved.flatMap(({ evidence }) => evidence), newlyBroken };
  return { result: newlyBroken.length === 0 ? "proved" : "partly", detail: [], newlyBroken };
}
