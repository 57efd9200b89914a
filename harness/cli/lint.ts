import { Command, InvalidArgumentError, Option } from "commander";

import { LINT_FORMATS } from "../lint/output/format.ts";
import { SEVERITIES } from "../lint/rule.ts";
import type { LintCommandOptions } from "./lint/run-lint.ts";
import { addSiteArguments } from "./site-arguments.ts";

/**
 * `sitecar lint`: looks at a site's files and its Dapr component files for what will not work on App Service. It needs no
 * container engine and starts nothing.
 */
export function lintCommand(): Command {
  return addSiteArguments(
    new Command("lint").description(
      "Look at a site's files and Dapr component files (or folders of them) for what will not work on App Service.",
    ),
  )
    .addOption(
      new Option("--format <format>", "how findings are written").choices(LINT_FORMATS).default("text"),
    )
    .option("--output <file>", "write the findings to this file instead of standard output")
    .option("--rule <id>", "look with this rule only; repeatable", repeated, [])
    .option("--disable <id>", "leave this rule out; repeatable", repeated, [])
    .addOption(
      new Option("--severity <severity>", "leave out what is less grave").choices(SEVERITIES).default("note"),
    )
    .option("--max-warnings <count>", "end with 1 when there are more warnings than this", count)
    .option("--list-rules", "list the rules and end", false)
    .option("--explain <id>", "say what a rule finds, why and what to do, and end")
    .action(async (files: readonly string[], options: LintCommandOptions) => {
      // The rules know a lot; no other command has to wait until it is read.
      const { runLint } = await import("./lint/run-lint.ts");
      process.exitCode = await runLint(files, options);
    });
}

function repeated(id: string, before: readonly string[]): readonly string[] {
  return [...before, ...id.split(",").map((one) => one.trim().toUpperCase())];
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("must be a whole number from 0 up.");
  return Number.parseInt(text, 10);
}
