import { availableMemory } from "node:process";
import { Command } from "commander";
import { readSite } from "../definition/read-site.ts";
import { createConsole } from "./console.ts";
import { formatFindings, outcomeOf } from "./doctor/print-findings.ts";
import { examine } from "./doctor/examine.ts";
import { EXIT } from "./exit-codes.ts";
import { interruptible } from "./interrupt.ts";
import { addSiteArguments, siteInputsOf, type SiteOptions } from "./site-arguments.ts";

interface DoctorOptions extends SiteOptions {
  readonly json: boolean;
}

/**
 * `sitecar doctor`: looks whether a site can run here, and says what to do where it can't. It installs nothing, makes no
 * image, and removes the one small container with which it tries a published port.
 */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("Look whether a site can run on this machine: engine, images, ports, memory, disk.")
    .option("--json", "print one JSON document", false)
    .action(async (files: readonly string[], options: DoctorOptions) => {
      const interrupt = interruptible();
      try {
        const inputs = siteInputsOf(files, options);
        const definition = inputs.files.length === 0 ? undefined : await readSite(inputs);
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
  return addSiteArguments(command);
}
