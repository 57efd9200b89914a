import { readFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "vitest";
import { differences } from "./test-support/case-answer.ts";
import { PARITY_CASES } from "./test-support/parity-cases.ts";
import { caseKey, type CaseAnswer, type SidecarName } from "./test-support/parity-case.ts";
import { askTwin, runCase, twinOf } from "./test-support/run-cases.ts";
import { TWIN_VERSIONS } from "./versions/versions.ts";

/** What each daprd answered when the parity scenario last recorded it; the same table, without an engine. */
const recorded = JSON.parse(
  await readFile(path.join(import.meta.dirname, `test-support/answers-${TWIN_VERSIONS[0]}.json`), "utf8"),
) as Readonly<Record<string, readonly CaseAnswer[]>>;

const twins = { full: await twinOf("full"), bare: await twinOf("bare") } as const satisfies Record<
  SidecarName,
  unknown
>;

test("every case has a name of its own, and an answer of daprd", () => {
  const names = PARITY_CASES.map(caseKey);
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(names.toSorted()).toEqual(Object.keys(recorded).toSorted());
});

test.each(PARITY_CASES.map((one) => [caseKey(one), one] as const))("%s", async (key, one) => {
  const twin = twins[one.sidecar ?? "full"];
  if (one.storageStatus !== undefined) twin.failStorage({ status: one.storageStatus });
  const answers = await runCase(one, askTwin(twin));
  twin.healStorage();
  const wrong = answers.flatMap((answer, index) => {
    const expected = recorded[key]?.[index];
    if (expected === undefined) return [`request ${index + 1} has no recorded answer`];
    return differences(answer, expected).map((line) => `request ${index + 1}: ${line}`);
  });
  expect(wrong.join("\n")).toBe("");
});
