import { styleText } from "node:util";
import type { Finding } from "./finding.ts";

const MARKS: Readonly<Record<Finding["state"], string>> = {
  ok: styleText("green", "✔"),
  warning: styleText("yellow", "!"),
  problem: styleText("red", "✘"),
};

/** The worst state among the findings. */
export function outcomeOf(findings: readonly Finding[]): Finding["state"] {
  const has = (state: Finding["state"]): boolean => findings.some((finding) => finding.state === state);
  return has("problem") ? "problem" : has("warning") ? "warning" : "ok";
}

/** A line for each finding, its remedy below it, and a last line that sums up. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, summary, remedy }) => [
    `  ${MARKS[state]} ${check.padEnd(width)}  ${summary}`,
    ...(remedy === undefined ? [] : [`    ${" ".repeat(width)}  → ${remedy}`]),
  ]);
  return [...lines, "", summaryOf(findings)].join("\n");
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (state: Finding["state"]): number =>
    findings.filter((finding) => finding.state === state).length;
  const problems = count("problem");
  const warnings = count("warning");
  if (problems > 0)
    return `A site can't run here yet: ${problems} ${problems === 1 ? "problem" : "problems"}.`;
  if (warnings > 0) return `A site can run here; ${warnings} ${warnings === 1 ? "warning" : "warnings"}.`;
  return "A site can run here.";
}
