import { readSite } from "../../definition/read-site.ts";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import { SitecarError } from "../../errors/index.ts";
import { parseFault } from "../../faults/parse-fault.ts";
import type { Exploration, Space } from "../../lab/exploration.ts";
import {
  makeExplorationDirectory,
  writeExploration,
  type ExplorationDirectory,
} from "../../lab/exploration-file.ts";
import { explore } from "../../lab/explore.ts";
import type { Laboratory } from "../../lab/trials/laboratory.ts";
import type { openLaboratory } from "../../lab/trials/open-laboratory.ts";
import { describeFault } from "../../lab/report/schedule-words.ts";
import { parseShard } from "../../lab/space/shard.ts";
import { makeSpace } from "../../lab/space/space.ts";
import { checkContainerNames } from "../../plan/make-plan.ts";
import { packageVersion } from "../../shared/package-version.ts";
import { savedInputs, type SavedInputs } from "../../timeline/saved-inputs.ts";
import { createConsole, formatProgress, type Console } from "../console.ts";
import type { ExitCode } from "../exit-codes.ts";
import { platformStartOptions, startInputsOf, withPlan, type InstanceOptions } from "../platform-options.ts";
import { siteInputsOf, type ImageOptions, type SiteOptions } from "../site-arguments.ts";
import { contractsOf, type ContractOptions } from "./contracts-of.ts";
import { exploreOptionsOf } from "./explore-options-of.ts";
import { keepTrials, type TrialsKept } from "./keep-trials.ts";
import { ProgressPrinter } from "./progress-printer.ts";
import { reportExploration } from "./report-exploration.ts";
import { tickIntervalOf } from "./tick-interval-of.ts";

export interface ExploreCommandOptions extends SiteOptions, ImageOptions, InstanceOptions, ContractOptions {
  readonly budget: number;
  readonly seed: number;
  readonly shard?: string;
  readonly fault: readonly string[];
  readonly disturbances: boolean;
  readonly delays?: readonly number[];
  readonly tickEvery?: string;
  readonly atOnce?: number;
  readonly repeat?: number;
  readonly trialsKept: TrialsKept;
  readonly report?: string;
  readonly json: boolean;
}

/** How a laboratory is opened: the real one, or in tests a simulated one. */
export type OpenLaboratory = typeof openLaboratory;

/** What the parts of one exploration share. */
export interface ExplorationParts {
  readonly definition: SiteDefinition;
  readonly options: ExploreCommandOptions;
  readonly contracts: Awaited<ReturnType<typeof contractsOf>>;
  readonly inputs: SavedInputs;
  readonly directory: ExplorationDirectory;
  readonly signal: AbortSignal;
  readonly console: Console;
}

/** Explores a site, writes its report and prints it. What can be wrong with the input is found before an engine is asked. */
export async function runExploration(
  files: readonly string[],
  options: ExploreCommandOptions,
  { open, signal }: { readonly open: OpenLaboratory; readonly signal: AbortSignal },
): Promise<ExitCode> {
  const inputs = siteInputsOf(files, options, ".");
  const definition = withPlan(await readSite(inputs), options.plan);
  const names = definition.siteContainers.map(({ name }) => name);
  checkContainerNames("an image is given", options.image, names);
  if (options.shard !== undefined) parseShard(options.shard);
  const contracts = await contractsOf(options);
  const space = await spaceOf(definition, options);
  const console = createConsole(options.json);
  console.note(`sitecar ${packageVersion()}: site "${definition.name}": ${space.points.length} schedules`);
  const directory = await makeExplorationDirectory(definition.name);
  console.note(`  record: ${directory.path}`);
  const { tickEvery } = options;
  const start = { ...startInputsOf(options), ...(tickEvery === undefined ? {} : { tickEvery }) };
  const parts = {
    definition,
    options,
    contracts,
    inputs: savedInputs(inputs, start),
    directory,
    signal,
    console,
  };
  const laboratory = await opened(open, parts, space.points.length);
  const exploration = await exploreAndClose(laboratory, space, parts);
  const kept = await keepTrials(exploration, options.trialsKept);
  await writeExploration(directory.path, kept);
  return await reportExploration(kept, { directory: options.report ?? directory.path, json: options.json });
}

async function spaceOf(definition: SiteDefinition, options: ExploreCommandOptions): Promise<Space> {
  const { delays, disturbances, seed, tickEvery } = options;
  const names = definition.siteContainers.map(({ name }) => name);
  const containers = definition.storageAccounts.length > 0 ? [...names, "storage"] : names;
  const faults = options.fault.map((text) => parseFault(text, { containers }));
  const tickIntervalMs = await tickIntervalOf(definition, tickEvery);
  return makeSpace(definition, {
    disturbances,
    faults,
    describeFault,
    seed,
    ...(delays === undefined ? {} : { delaysMs: delays }),
    ...(tickIntervalMs === undefined ? {} : { tickIntervalMs }),
  });
}

async function opened(open: OpenLaboratory, parts: ExplorationParts, schedules: number): Promise<Laboratory> {
  const { definition, options, contracts, inputs, directory, signal, console } = parts;
  const { tickEvery, atOnce } = options;
  try {
    return await open(definition, {
      ...platformStartOptions(options),
      images: options.image,
      inputs,
      contracts,
      runsDirectory: directory.runsDirectory,
      schedules,
      signal,
      progress: (event) => console.note(formatProgress(event)),
      ...(tickEvery === undefined ? {} : { tickEvery }),
      ...(atOnce === undefined ? {} : { mostAtOnce: atOnce }),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new SitecarError("RUN_STOPPED", {
      message: "the exploration was ended before anything was tried; nothing is left.",
      remedy: "let it run on.",
    });
  }
}

async function exploreAndClose(
  ready: Laboratory,
  space: Space,
  parts: ExplorationParts,
): Promise<Exploration> {
  await using laboratory = ready;
  const { signal } = parts;
  const progress = new ProgressPrinter({
    stream: process.stderr,
    atOnce: () => laboratory.mostAtOnce,
  });
  const onAbort = (): void => progress.note("ending; what is known so far is told");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await explore(
      laboratory,
      space,
      exploreOptionsOf(parts, (event) => progress.tell(event)),
    );
  } finally {
    signal.removeEventListener("abort", onAbort);
    progress.close();
  }
}
