import { Command } from "commander";
import { connectEngine } from "../runtime/engine/connect-engine.ts";
import { findKeptHomes, findLeftovers, removeLeftovers } from "../runtime/leftovers.ts";
import { createConsole } from "./console.ts";
import { formatTable } from "./table.ts";

/** `sitecar prune`: removes what earlier runs left on the engine. */
export function pruneCommand(): Command {
  return new Command("prune")
    .description("Remove containers, networks and volumes that earlier runs left.")
    .option(
      "--all",
      "also of runs on other machines that use this engine, of runs that are still going on, and every /home that is kept",
      false,
    )
    .option("--dry-run", "only show what would be removed", false)
    .option("--json", "print one JSON document", false)
    .action(async (options: { readonly all: boolean; readonly dryRun: boolean; readonly json: boolean }) => {
      const console = createConsole(options.json);
      const engine = await connectEngine({ mayInstall: false });
      const found = [...(await findLeftovers(engine)), ...(await findKeptHomes(engine))];
      const chosen = options.all
        ? found
        : found.filter(({ runner }) => runner === "dead" || runner === "unreadable");
      if (!options.dryRun) await removeLeftovers(engine, chosen);
      if (options.json) {
        console.result(JSON.stringify({ removed: options.dryRun ? [] : chosen, found }, undefined, 2));
        return;
      }
      if (chosen.length === 0) console.result("Nothing to remove.");
      else {
        console.result(options.dryRun ? "Would remove:" : "Removed:");
        console.result(
          formatTable([
            ["kind", "name", "its process"],
            ...chosen.map(({ kind, name, runner }) => [kind, name, runner]),
          ]),
        );
      }
      const kept = found.length - chosen.length;
      if (kept > 0)
        console.note(
          `${kept} of runs that still go on, were made elsewhere, or are a kept /home, stay (--all removes them).`,
        );
    });
}
