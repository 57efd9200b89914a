import { Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../shared/duration.ts";
import { MOST_BENCHES, openLaboratory } from "../lab/trials/open-laboratory.ts";
import {
  runExploration,
  type ExploreCommandOptions,
  type OpenLaboratory,
} from "./explore/run-exploration.ts";
import { interruptible } from "./interrupt.ts";
import { addInstanceOptions, wholeFrom } from "./platform-options.ts";
import { addImageOption, addSiteArguments } from "./site-arguments.ts";

/** `sitecar explore`: a site under every start order and delay, and the smallest schedules that break it. */
export function exploreCommand(open: OpenLaboratory = openLaboratory): Command {
  const command = new Command("explore")
    .description("Run a site under every start order and delay, and tell the smallest that breaks it.")
    .addOption(
      new Option("--budget <duration>", "how long it may take").argParser(duration).default(600_000, "10m"),
    )
    .addOption(
      new Option("--seed <number>", "which schedules are taken when not all fit")
        .argParser(wholeFrom(0))
        .default(0, "0"),
    )
    .option("--shard <part/parts>", "only this part of the schedules, for example 2/8; see sitecar merge")
    .option("--contracts <module>", "a module with contracts of your own, beside the built-in ones")
    .option("--only <contract>", "judge by this contract alone; repeatable", list, [])
    .option("--without <contract>", "do not judge by this contract; repeatable", list, [])
    .option("--fault <fault>", 'try this too: "identity-slow delayMs=8s"; repeatable', list, [])
    .option("--no-disturbances", "start orders and delays only; no kills, pauses and faults")
    .addOption(
      new Option("--delays <times>", "delays between two starts, for example 0,2s,7s").argParser(durations),
    )
    .option("--tick-every <duration>", "shorten all cron bindings, for example 1s; a difference, told")
    .addOption(
      new Option(
        "--at-once <count>",
        `the most trials at a time, up to ${MOST_BENCHES} (default: what the machine bears)`,
      ).argParser(wholeFrom(1, MOST_BENCHES)),
    )
    .addOption(
      new Option("--repeat <count>", "how often the smallest schedules are run to be judged").argParser(
        wholeFrom(1),
      ),
    )
    .addOption(
      new Option("--trials-kept <which>", "trials whose folders stay")
        .choices(["all", "broken", "none"])
        .default("all"),
    )
    .option("--report <folder>", "where report.html is written (default: the exploration's folder)")
    .option("--json", "print the exploration as JSON; everything else goes to standard error", false)
    .action(async (files: readonly string[], options: ExploreCommandOptions) => {
      const interrupt = interruptible();
      try {
        process.exitCode = await runExploration(files, options, { open, signal: interrupt.signal });
      } finally {
        interrupt.release();
      }
    });
  return addInstanceOptions(addImageOption(addSiteArguments(command)));
}

function list(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value === undefined || value <= 0) throw new InvalidArgumentError("write a duration: 90s, 5m.");
  return value;
}

function durations(text: string): readonly number[] {
  return text.split(",").map((part) => {
    const value = parseDuration(part);
    if (value === undefined) throw new InvalidArgumentError("write times with commas: 0,800ms,2s,7s.");
    return value;
  });
}
