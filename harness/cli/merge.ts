import { Command } from "commander";
import { makeExplorationDirectory, readExploration, writeExploration } from "../lab/exploration-file.ts";
import { mergeExplorations } from "../lab/merge-explorations.ts";
import { reportExploration } from "./explore/report-exploration.ts";

interface MergeOptions {
  readonly report?: string;
  readonly json: boolean;
}

/** `sitecar merge`: the explorations of all shards as one, with one report and one exit code. */
export function mergeCommand(): Command {
  return new Command("merge")
    .description("Make one report of the explorations of several shards.")
    .argument("<explorations...>", "exploration.json of each shard, or the folder that has it")
    .option("--report <folder>", "where exploration.json and report.html are written (default: a new folder)")
    .option("--json", "print the exploration as JSON; everything else goes to standard error", false)
    .action(async (files: readonly string[], options: MergeOptions) => {
      const explorations = await Promise.all(
        files.map(async (name) => ({ name, exploration: await readExploration(name) })),
      );
      const merged = mergeExplorations(explorations);
      const directory = options.report ?? (await makeExplorationDirectory(merged.site)).path;
      await writeExploration(directory, merged);
      process.exitCode = await reportExploration(merged, { directory, json: options.json });
    });
}
