import { writeFile } from "node:fs/promises";
import path from "node:path";

import { SitecarError } from "../../errors/index.ts";
import { lint } from "../../lint/lint.ts";
import { loadContext } from "../../lint/load-context.ts";
import { formatReport, type LintFormat } from "../../lint/output/format.ts";
import type { Severity } from "../../lint/rule.ts";
import { RULES } from "../../lint/rules.ts";
import { didYouMean } from "../../shared/nearest.ts";
import { createConsole } from "../console.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { siteInputsOf, type SiteOptions } from "../site-arguments.ts";
import { exitCodeOfReport } from "./exit-code.ts";
import { explainRule, listRules } from "./print-rules.ts";

export interface LintCommandOptions extends SiteOptions {
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
 * Lints and writes the findings, or says what the rules are.
 * @throws {SitecarError} USAGE, FILE_NOT_READABLE.
 */
export async function runLint(files: readonly string[], options: LintCommandOptions): Promise<ExitCode> {
  const console = createConsole(false);
  if (options.listRules) {
    console.result(listRules(RULES));
    return EXIT.held;
  }
  if (options.explain !== undefined) {
    console.result(explainRule(ruleOf(options.explain)));
    return EXIT.held;
  }
  for (const id of [...options.rule, ...options.disable]) ruleOf(id);
  const context = await loadContext(siteInputsOf(files, options, "."));
  const report = lint(context, {
    ...(options.rule.length === 0 ? {} : { rules: RULES.filter(({ id }) => options.rule.includes(id)) }),
    disable: options.disable,
    severity: options.severity,
  });
  const text = formatReport(report, options.format, process.cwd());
  if (options.output === undefined) {
    if (text !== "") console.result(text);
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
