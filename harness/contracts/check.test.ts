import { expect, test } from "vitest";

import { bindingsActive } from "./bindings-active.ts";
import { BUILT_IN_CONTRACTS } from "./built-in.ts";
import { check } from "./check.ts";
import type { Contract, Judgement } from "./contract.ts";
import { exampleRun } from "./test-support/example-run.ts";
import { exited, startOf } from "./test-support/moments.ts";

const RECORD = exampleRun({ moments: [...startOf(), exited(5000, "dapr")], account: null });

function contract(judge: () => unknown): Contract {
  return { name: "mine", promise: "Mine.", judge: judge as Contract["judge"] };
}

function because(judgements: readonly Judgement[]): string | undefined {
  return judgements.find((one) => one.contract.startsWith("bindingsActive"))?.because;
}

test("a contract that fails is unknown, with its error as the evidence, and the others are judged", () => {
  const failing = contract(() => {
    throw new RangeError("too far");
  });
  expect(check([failing, bindingsActive], RECORD)).toMatchObject([
    { contract: "mine", verdict: "unknown", evidence: ["the contract failed: RangeError: too far"] },
    { contract: 'bindingsActive("batch")', verdict: "broken" },
  ]);
});

test.for<[string, unknown]>([
  ["nothing", undefined],
  ["a promise", Promise.resolve([])],
  ["a verdict that there is none of", [{ contract: "mine", verdict: "passed", evidence: [] }]],
  ["evidence that is no text", [{ contract: "mine", verdict: "held", evidence: [1] }]],
  ["a judgement without evidence", [{ contract: "mine", verdict: "held" }]],
  ["null", [null]],
])("a contract that returns %s is unknown, never a pass", ([, returned]) => {
  expect(check([contract(() => returned)], RECORD)).toMatchObject([{ contract: "mine", verdict: "unknown" }]);
});

test("a judgement names its cause where that was judged, too", () => {
  expect(because(check(BUILT_IN_CONTRACTS, RECORD))).toBe('nothingExits("dapr")');
  expect(because(check([bindingsActive], RECORD))).toBeUndefined();
});

test("a record stays as it was", () => {
  const before = structuredClone({ ...RECORD, snapshots: undefined });
  check(BUILT_IN_CONTRACTS, RECORD);
  expect({ ...RECORD, snapshots: undefined }).toEqual(before);
});
