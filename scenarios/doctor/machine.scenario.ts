import { execa } from "execa";
import { expect, test } from "vitest";
import type { Finding } from "../../harness/cli/doctor/finding.ts";
import { connectEngine } from "../../harness/runtime/engine/connect-engine.ts";
import { findLeftovers } from "../../harness/runtime/leftovers.ts";

interface Report {
  readonly outcome: Finding["state"];
  readonly findings: readonly Finding[];
}

async function doctor(
  ...args: readonly string[]
): Promise<{ readonly exitCode: number; readonly report: Report }> {
  const { exitCode, stdout } = await execa(
    process.execPath,
    ["harness/cli/main.ts", "doctor", "fixtures/sites/example", "--json", ...args],
    { reject: false },
  );
  return { exitCode: exitCode ?? Number.NaN, report: JSON.parse(stdout) };
}

test("doctor finds the images and a published port that answers, and leaves nothing behind", async () => {
  const { exitCode, report } = await doctor();
  // Memory and disk are the machine's affair, and other scenarios' sites may be around: both may warn.
  expect(report.findings.filter(({ state }) => state === "problem")).toEqual([]);
  expect(exitCode).toBe(0);
  for (const check of ["engine", "images", "published ports", "container ports"]) {
    expect(report.findings).toContainEqual(expect.objectContaining({ check, state: "ok" }));
  }
  const left = await findLeftovers(await connectEngine({ mayInstall: false }));
  expect(left.filter(({ runId }) => runId.startsWith("doctor-"))).toEqual([]);
});
