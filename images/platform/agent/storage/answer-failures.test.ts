import { expect, test } from "vitest";
import { AnswerFailures } from "./answer-failures.ts";

const busy = { kind: "status", status: 503 } as const;
const denied = { kind: "status", status: 403 } as const;

function fates(failures: AnswerFailures, ...methods: readonly string[]): unknown[] {
  return methods.map((method) => {
    const { delayMs, failure } = failures.next(method);
    const status = failure?.how.kind === "status" ? failure.how.status : (failure?.how.kind ?? null);
    return delayMs > 0 ? [status, delayMs] : status;
  });
}

test("a failure meets every request until it is removed, or its first ones only", () => {
  const failures = new AnswerFailures();
  failures.add("a", busy);
  expect(fates(failures, "GET", "PUT")).toEqual([503, 503]);
  failures.remove("a");
  expect(fates(failures, "GET")).toEqual([null]);
  failures.add("b", { ...busy, first: 2 });
  expect(fates(failures, "GET", "PUT", "GET")).toEqual([503, 503, null]);
  expect(failures.any).toBe(true);
  failures.remove("b");
  expect(failures.any).toBe(false);
});

test("other methods pass, and are not counted", () => {
  const failures = new AnswerFailures();
  failures.add("a", { ...busy, first: 1, method: "put" });
  expect(fates(failures, "GET", "PUT", "PUT")).toEqual([null, 503, null]);
});

test("of several that decide the one added first holds, and only it counts the request", () => {
  const failures = new AnswerFailures();
  failures.add("a", { ...busy, first: 1 });
  failures.add("b", { ...denied, first: 1 });
  expect(fates(failures, "GET", "GET", "GET")).toEqual([503, 403, null]);
});

test("delays add up, with each other and with what decides", () => {
  const failures = new AnswerFailures();
  failures.add("a", { kind: "delayed", delayMs: 30, first: 1 });
  failures.add("b", { kind: "delayed", delayMs: 12 });
  failures.add("c", { kind: "unfinished", sent: "half", afterwards: "end", method: "GET" });
  expect(fates(failures, "GET", "PUT")).toEqual([
    ["unfinished", 42],
    [null, 12],
  ]);
});
