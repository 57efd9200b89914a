import { readFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "vitest";
import { GRPC_CASES } from "./test-support/cases/grpc-cases.ts";
import { callTwin, grpcCaseKey, grpcDifferences, type GrpcCaseAnswer } from "./test-support/grpc-case.ts";
import { twinOf } from "./test-support/run-cases.ts";
import { TWIN_VERSIONS } from "./versions/versions.ts";

/** As `parity.test.ts`, of daprd's gRPC API. */
const recorded = JSON.parse(
  await readFile(
    path.join(import.meta.dirname, `test-support/grpc-answers-${TWIN_VERSIONS[0]}.json`),
    "utf8",
  ),
) as Readonly<Record<string, readonly GrpcCaseAnswer[]>>;

const twins = { full: await twinOf("full"), bare: await twinOf("bare") };

test("every case has a name of its own, and an answer of daprd", () => {
  expect(GRPC_CASES.map(grpcCaseKey).toSorted()).toEqual(Object.keys(recorded).toSorted());
});

test.each(GRPC_CASES.map((one) => [grpcCaseKey(one), one] as const))("%s", async (key, one) => {
  const wrong: string[] = [];
  for (const [index, call] of one.calls.entries()) {
    const answer = await callTwin(twins[one.sidecar ?? "full"], call);
    const expected = recorded[key]?.[index] ?? {};
    wrong.push(...grpcDifferences(answer, expected).map((line) => `call ${index + 1}: ${line}`));
  }
  expect(wrong.join("\n")).toBe("");
});
