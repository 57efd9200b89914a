import { excerpt } from "../../definition/problems.ts";
import type { LintReport } from "../lint.ts";
import { SEVERITIES } from "../rule.ts";
import { reportPath } from "./report-path.ts";

/** For a terminal: each finding with the offending line, a caret and the remedy; the sum at the end. */
export function formatText({ findings, faults }: LintReport, workingDirectory: string): string {
  const blocks = findings.map(({ rule, severity, place, message, remedy }) =>
    [
      `${reportPath(place.file, workingDirectory)}:${place.line}:${place.column}  ${severity}  ${rule}  ${printable(message)}`,
      ...(place.lineText.trim() === "" ? [] : [printable(excerpt(place))]),
      `  Fix: ${printable(remedy)}`,
    ].join("\n"),
  );
  const failed = faults.map(
    ({ rule, message }) =>
      `${rule}  failed, which is sitecar's fault: ${printable(message)}\n  What it would have found is not known.`,
  );
  return [...blocks, ...failed, summary(findings)].join("\n\n");
}

function summary(findings: LintReport["findings"]): string {
  if (findings.length === 0) return "Nothing found.";
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  }));
  const said = counts
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? "" : "s"}`);
  const files = new Set(findings.map(({ place }) => place.file)).size;
  return `${said.join(", ")} in ${files === 1 ? "1 file" : `${files} files`}.`;
}

/** A file may hold anything; a terminal is not to obey it. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g, "\uFFFD");
}
