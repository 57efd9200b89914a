import { writeFile } from "node:fs/promises";
import path from "node:path";

import { Command, InvalidArgumentError, Option } from "commander";

import { SitecarError } from "../errors/index.ts";
import { lint, SEVERITIES } from "../lint/lint.ts";
import { loadContext } from "../lint/load-context.ts";
import { formatReport, LINT_FORMATS, type LintFormat } from "../lint/output/format.ts";
import type { Severity } from "../lint/rule.ts";
import { RULES } from "../lint/rules.ts";
import { didYouMean } from "../shared/nearest.ts";
import { createConsole } from "./console.ts";
import type { ExitCode } from "./exit-codes.ts";
import { exitCodeOfReport } from "./lint/exit-code.ts";
import { explainRule, listRules } from "./lint/print-rules.ts";
import { addSiteArguments, siteInputsOf, type SiteOptions } from "./site-arguments.ts";

interface LintCommandOptions extends SiteOptions {
  readonly format: LintFormat;
  readonly output?: string;
  readonly rule: readonly string[];
  readonly disable: readonly string[];
  readonly severity: Severity;
  readonly maxWarnings?: number;
  readonly listRules: boolean;
  readonly explain?: string;
}

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
      const console = createConsole(false);
      if (options.listRules) console.result(listRules(RULES));
      else if (options.explain !== undefined) console.result(explainRule(ruleOf(options.explain)));
      else process.exitCode = await run(files, options);
    });
}

async function run(files: readonly string[], options: LintCommandOptions): Promise<ExitCode> {
  for (const id of [...options.rule, ...options.disable]) ruleOf(id);
  const context = await loadContext(siteInputsOf(files, options, "."));
  const report = lint(context, {
    ...(options.rule.length === 0 ? {} : { rules: RULES.filter(({ id }) => options.rule.includes(id)) }),
    disable: options.disable,
    severity: options.severity,
  });
  const text = formatReport(report, options.format, process.cwd());
  if (options.output === undefined) {
    if (text !== "") createConsole(false).result(text);
  } else await writeReport(options.output, text);
  return exitCodeOfReport(report, options.maxWarnings);
}

function ruleOf(id: string): (typeof RULES)[number] {
  const rule = RULES.find((one) => one.id === id.toUpperCase() || one.name === id);
  if (rule !== undefined) return rule;
  const known = RULES.flatMap((one) => [one.id, one.name]);
  throw new SitecarError("USAGE", {
    message: `there is no rule ${JSON.stringify(id)}.${didYouMean(id, known)}`,
    remedy: "take an id that sitecar lint --list-rules shows.",
  });
}

async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text === "" ? "" : `${text}\n`);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new SitecarError("USAGE", {
      message: `the findings can't be written to ${path.relative(process.cwd(), path.resolve(file))} (${reason}).`,
      remedy: "name a file in a folder that exists and can be written.",
      cause,
    });
  }
}

function repeated(id: string, before: readonly string[]): readonly string[] {
  return [...before, ...id.split(",").map((one) => one.trim().toUpperCase())];
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("must be a whole number from 0 up.");
  return Number.parseInt(text, 10);
}
