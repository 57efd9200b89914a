import { Command } from "commander";
import { openLaboratory } from "../lab/trials/open-laboratory.ts";
import type { OpenLaboratory } from "./explore/run-exploration.ts";
import { interruptible } from "./interrupt.ts";
import { wholeFrom } from "./platform-options.ts";
import { runReplay, type ReplayOptions } from "./replay/run-replay.ts";
import { pair } from "./site-arguments.ts";

/** `sitecar replay`: the schedule of a run, or of a class that an exploration found, once more or many times. */
export function replayCommand(open: OpenLaboratory = openLaboratory): Command {
  return new Command("replay")
    .description("Run a saved schedule again: of a run, or of what an exploration found.")
    .argument("<what>", "a schedule's file, a run (its id or folder), or <exploration>#<class>")
    .option("--times <count>", "run it so often, and tell the share that breaks", wholeFrom(1), 1)
    .option("--keep", "leave the site running after the schedule, until Ctrl-C", false)
    .option("--set <name=value>", "a value that was given with --set; repeatable", pair, {})
    .option("--contracts <module>", "a module with contracts of your own, beside the built-in ones")
    .option("--json", "print one JSON document; everything else goes to standard error", false)
    .action(async (what: string, options: ReplayOptions) => {
      const interrupt = interruptible();
      try {
        process.exitCode = await runReplay(what, options, { open, signal: interrupt.signal });
      } finally {
        interrupt.release();
      }
    });
}
