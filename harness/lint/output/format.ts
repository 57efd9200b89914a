import type { LintReport } from "../lint.ts";
import { formatGithub } from "./github.ts";
import { formatJson } from "./json.ts";
import { formatSarif } from "./sarif.ts";
import { formatText } from "./text.ts";

type Formatter = (report: LintReport, workingDirectory: string) => string;

const FORMATTERS = {
  text: formatText,
  json: formatJson,
  sarif: formatSarif,
  github: formatGithub,
} as const satisfies Record<string, Formatter>;

export type LintFormat = keyof typeof FORMATTERS;

export const LINT_FORMATS: readonly LintFormat[] = ["text", "json", "sarif", "github"];

/** @param workingDirectory absolute; paths below it are relative in the result. */
export function formatReport(report: LintReport, format: LintFormat, workingDirectory: string): string {
  return FORMATTERS[format](report, workingDirectory);
}
