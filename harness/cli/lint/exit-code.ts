import type { LintReport } from "../../lint/lint.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";

/**
 * What a report says to a script. A rule that failed may have missed an error: what the others found then does not count.
 * @param maxWarnings default: any number.
 */
export function exitCodeOfReport(
  { findings, faults }: LintReport,
  maxWarnings = Number.POSITIVE_INFINITY,
): ExitCode {
  if (faults.length > 0) return EXIT.unknown;
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  const broken = findings.some(({ severity }) => severity === "error") || warnings > maxWarnings;
  return broken ? EXIT.broken : EXIT.held;
}
