import type { LintReport } from "../lint.ts";
import { SEVERITIES } from "../rule.ts";
import { reportPath } from "./report-path.ts";

/** One JSON document for programs. `version` rises when a field changes its meaning. */
export function formatJson({ findings, faults, rules }: LintReport, workingDirectory: string): string {
  const counts = SEVERITIES.map((severity): [string, number] => [
    severity,
    findings.filter((finding) => finding.severity === severity).length,
  ]);
  const document = {
    version: 1,
    counts: Object.fromEntries(counts),
    findings: findings.map(({ rule, severity, place, message, remedy }) => ({
      rule,
      name: rules.find(({ id }) => id === rule)?.name,
      severity,
      file: reportPath(place.file, workingDirectory),
      line: place.line,
      column: place.column,
      message,
      remedy,
    })),
    faults,
  };
  return JSON.stringify(document, undefined, 2);
}
