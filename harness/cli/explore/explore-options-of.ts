import { readRunRecord } from "../../contracts/read-run-record.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { FAULT_KINDS } from "../../faults/kinds.ts";
import type { ExplorationProgress } from "../../lab/exploration.ts";
import type { ExploreOptions } from "../../lab/explore-options.ts";
import { parseShard } from "../../lab/space/shard.ts";
import { packageVersion } from "../../shared/package-version.ts";
import type { ExplorationParts } from "./run-exploration.ts";

/** What the command line says, as `explore` takes it. */
export function exploreOptionsOf(
  { definition, options, contracts, inputs, directory, signal }: ExplorationParts,
  progress: (event: ExplorationProgress) => void,
): ExploreOptions {
  const { shard, tickEvery, repeat } = options;
  return {
    site: definition.name,
    inputs: inputs.files.map(({ file }) => file),
    inputOptions: { ...inputs },
    version: packageVersion(),
    seed: options.seed,
    budgetMs: options.budget,
    contracts: contracts.map(({ name, promise }) => ({ name, promise })),
    differences: tickEvery === undefined ? [] : [`cron bindings at @every ${tickEvery}`],
    directory: directory.path,
    sidecars: definition.daprSidecars.map(({ container }) => container),
    faultKinds: FAULT_KINDS,
    diagnose: async (runDirectory, judgement) => diagnose(await readRunRecord(runDirectory), judgement),
    progress,
    signal,
    ...(shard === undefined ? {} : { shard: parseShard(shard) }),
    ...(tickEvery === undefined ? {} : { tickEvery }),
    ...(repeat === undefined ? {} : { repeats: repeat }),
  };
}
