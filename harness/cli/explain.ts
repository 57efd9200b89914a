import { Command } from "commander";

import { openLaboratory } from "../lab/trials/open-laboratory.ts";
import { runExplain, type ExplainOptions } from "./explain/run-explain.ts";
import type { OpenLaboratory } from "./explore/run-exploration.ts";
import { interruptible } from "./interrupt.ts";
import { pair } from "./site-arguments.ts";

/** `sitecar explain`: why a run is broken, by what it left; with `--try` the remedy is proved on a copy of the site. */
export function explainCommand(open: OpenLaboratory = openLaboratory): Command {
  return new Command("explain")
    .description("Say why a run is broken, from what it left, and what to do.")
    .argument("[what]", "a run (its id or folder; without it the newest), or <exploration>#<class>")
    .option("--try", "apply the remedies to a copy of the site, and run the failing schedule again", false)
    .option("--set <name=value>", "a value that was given with --set; repeatable", pair, {})
    .option("--contracts <module>", "a module with contracts of your own, beside the built-in ones")
    .option("--json", "print one JSON document; everything else goes to standard error", false)
    .action(async (what: string | undefined, options: ExplainOptions) => {
      const interrupt = interruptible();
      try {
        process.exitCode = await runExplain(what, options, { open, signal: interrupt.signal });
      } finally {
        interrupt.release();
      }
    });
}
