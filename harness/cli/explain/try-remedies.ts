import path from "node:path";

import type { Contract, Judgement } from "../../contracts/contract.ts";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import type { Diagnosis, Remedy } from "../../diagnosis/diagnosis.ts";
import { applyRemedy, describeChange } from "../../diagnosis/remedies/apply-remedy.ts";
import { SitecarError } from "../../errors/index.ts";
import type { Repeats } from "../../lab/exploration.ts";
import type { Laboratory, TrialOutcome } from "../../lab/trials/laboratory.ts";
import { CreatedContents } from "../../site/container-contents.ts";
import { prepareHost } from "../../site/host.ts";
import { formatProgress, type Console } from "../console.ts";
import type { OpenLaboratory } from "../explore/run-exploration.ts";
import { platformStartOptions } from "../platform-options.ts";
import type { ReplaySource } from "../replay/replay-source.ts";
import type { Explained } from "./explanation.ts";

/** What says most against a remedy first. */
const WORST: readonly RemedyTrial["result"][] = ["still-broken", "partly", "unknown", "proved"];
const CHANCE_OF_LUCK = 0.05;
const MOST_RUNS = 20;
const MOST_AT_ONCE = 4;
/** So many times what is wanted is run at most, where runs say nothing. */
const TIMES_AT_MOST = 3;

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
  /** In how many runs of the schedule with the remedy it was seen; where one of them is red, `runDirectory` is that one's. */
  readonly runs: number;
  readonly runDirectory?: string;
}

export interface TryParts {
  readonly definition: SiteDefinition;
  readonly source: ReplaySource;
  readonly contracts: readonly Contract[];
  /** All that was broken in the run that is explained. */
  readonly broken: readonly Judgement[];
  /** How often the schedule was seen to break it; absent: once, in the run that is explained. */
  readonly repeats?: Repeats;
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
    await using laboratory = await openFor(copy, parts);
    const run = async () => {
      const outcome = await laboratory.run(parts.source.schedule, { signal: parts.signal });
      return { ...judge(outcome, breaks, parts.broken), runDirectory: outcome.runDirectory };
    };
    return { ...told, ...(await ofSeveral(runsToProve(parts.repeats), run)) };
  } catch (error) {
    if (!(error instanceof SitecarError && error.code === "REMEDY_NOT_APPLICABLE")) throw error;
    return { ...told, result: "not-applicable", detail: [error.message], newlyBroken: [], runs: 0 };
  }
}

/**
 * Runs until so many have said something, or one has said no; the worst stands. One that says nothing, as a stop that came while no
 * tick was under way, is run again, up to three times as many in all; then it is `unknown`.
 */
export async function ofSeveral<T extends Pick<RemedyTrial, "result">>(
  wanted: number,
  run: () => Promise<T>,
): Promise<T & { readonly runs: number }> {
  const telling: T[] = [];
  const silent: T[] = [];
  const isEnough = (): boolean =>
    telling.length >= wanted || telling.some(({ result }) => result !== "proved");
  let left = wanted * TIMES_AT_MOST;
  while (!isEnough() && left > 0) {
    const more = Math.min(wanted - telling.length, left);
    left -= more;
    const results = await Promise.all(Array.from({ length: more }, run));
    for (const one of results) (one.result === "unknown" ? silent : telling).push(one);
  }
  const counted = isEnough() ? telling : silent;
  const [worst] = counted.toSorted((one, other) => WORST.indexOf(one.result) - WORST.indexOf(other.result));
  if (worst === undefined) throw new RangeError("a remedy is tried at least once");
  return { ...worst, runs: counted.length };
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

/**
 * How often a schedule has to hold with a remedy before it counts as proved: once where it breaks each time; where it does not, so
 * often that without the remedy all of them would hold in one case of twenty at most.
 */
export function runsToProve(repeats: Repeats | undefined): number {
  if (repeats === undefined || repeats.broken === repeats.runs) return 1;
  const share = repeats.broken / repeats.runs;
  if (share === 0) return MOST_RUNS;
  return Math.min(MOST_RUNS, Math.max(2, Math.ceil(Math.log(CHANCE_OF_LUCK) / Math.log(1 - share))));
}

async function openFor(
  { definition, files }: Awaited<ReturnType<typeof applyRemedy>>,
  { source, contracts, open, host, signal, repeats }: Parameters<typeof tryOne>[2],
): Promise<Laboratory> {
  const { inputs } = source;
  const { images, tickEvery } = inputs;
  return await open(definition, {
    ...platformStartOptions(inputs),
    host,
    files,
    contracts,
    runsDirectory: path.resolve(process.env["SITECAR_RUNS"] ?? path.join(".sitecar", "runs")),
    mostAtOnce: Math.min(runsToProve(repeats), MOST_AT_ONCE),
    signal,
    ...(images === undefined ? {} : { images }),
    ...(tickEvery === undefined ? {} : { tickEvery }),
  });
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
