import { formatDifference } from "./difference.ts";
import type { InteractionResult, Verification } from "./verification.ts";

const HEADINGS: Readonly<Record<InteractionResult["direction"], string>> = {
  "sidecar-to-main": "daprd asks main",
  "main-to-sidecar": "main asks daprd",
};

/** A verification as lines to read: each interaction with its verdict, and below it each field that differs. */
export function formatVerification({ against, results, unstated, verdict }: Verification): string {
  const lines = [`${against}: ${verdict}`];
  for (const direction of ["sidecar-to-main", "main-to-sidecar"] as const) {
    const own = results.filter((result) => result.direction === direction);
    const foreign = unstated.filter((one) => one.direction === direction);
    if (own.length + foreign.length === 0) continue;
    lines.push(`  ${HEADINGS[direction]}`);
    for (const { verdict: one, description, differences } of own) {
      lines.push(`    ${one.padEnd(7)} ${description}`);
      lines.push(...differences.map((difference) => `              ${formatDifference(difference)}`));
    }
    for (const { method, path, times } of foreign) {
      lines.push(`    broken  ${method} ${path}: no contract states it (${times} times)`);
    }
  }
  return lines.join("\n");
}
