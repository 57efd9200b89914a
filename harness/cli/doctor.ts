import { availableMemory } from "node:process";
import { Command } from "commander";
import { readSite } from "../definition/read-site.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { createConsole } from "./console.ts";
import { formatFindings, outcomeOf } from "./doctor/print-findings.ts";
import { examine } from "./doctor/examine.ts";
import { EXIT } from "./exit-codes.ts";
import { interruptible } from "./interrupt.ts";

/**
 * `sitecar doctor`: looks whether a site can run here, and says what to do where it can't. It installs nothing, makes no
 * image, and removes the one small container with which it tries a published port.
 */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Look whether a site can run on this machine: engine, images, ports, memory, disk.")
    .argument("[site]", "also look at this site: a sitecar.json, a spec file, or the folder that holds one")
    .option("--json", "print one JSON document", false)
    .action(async (path: string | undefined, options: { readonly json: boolean }) => {
      const interrupt = interruptible();
      try {
        const definition: SiteDefinition | undefined = path === undefined ? undefined : await readSite(path);
        const findings = await examine({
          definition,
          environment: process.env,
          availableMemoryBytes: availableMemory(),
          signal: interrupt.signal,
        });
        const console = createConsole(options.json);
        const outcome = outcomeOf(findings);
        console.result(
          options.json ? JSON.stringify({ outcome, findings }, undefined, 2) : formatFindings(findings),
        );
        process.exitCode = outcome === "problem" ? EXIT.unknown : EXIT.held;
      } finally {
        interrupt.release();
      }
    });
}
