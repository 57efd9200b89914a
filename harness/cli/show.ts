import { Command } from "commander";
import { load } from "../definition/load-site.ts";
import { throwIfAny } from "../definition/problems.ts";
import { createConsole } from "./console.ts";
import { describeSite } from "./show/describe-site.ts";
import { formatSite } from "./show/format-site.ts";
import { addSiteArguments, siteInputsOf, type SiteOptions } from "./site-arguments.ts";

interface ShowOptions extends SiteOptions {
  readonly json: boolean;
}

/** `sitecar show`: prints a site as it is understood, with where each value comes from. Starts nothing. */
export function showCommand(): Command {
  const command = new Command("show")
    .description("Print a site as it is understood: containers, environment with its origins, mounts.")
    .option("--json", "print one JSON document", false)
    .action(async (files: readonly string[], options: ShowOptions) => {
      const { site, failures } = await load(siteInputsOf(files, options, "."));
      const [failure] = failures;
      if (failure !== undefined) throw failure;
      throwIfAny(site.problems);
      const shown = describeSite(site);
      createConsole(options.json).result(
        options.json ? JSON.stringify(shown, undefined, 2) : formatSite(shown),
      );
    });
  return addSiteArguments(command);
}
