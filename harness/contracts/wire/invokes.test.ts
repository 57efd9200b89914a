import { describe, expect, test } from "vitest";

import type { Judgement } from "../contract.ts";
import type { RunRecord } from "../run-record.ts";
import { checked } from "../test-support/checked.ts";
import type { ExampleRun } from "../test-support/example-run.ts";
import { run } from "../test-support/judged.ts";
import { at, ticks, type Moment } from "../test-support/moments.ts";
import { exchanged, tapped, type Exchanged } from "../test-support/wire.ts";
import { invokes, type InvokesOptions } from "./invokes.ts";

const TICKS = ticks({ firstMs: 3000, count: 2 });

/** A call of `blob`; `run` makes `batch_0.txt` and `batch_1.txt`, one for each tick. */
function call(
  id: number,
  {
    blob,
    operation = "create",
    ...more
  }: Partial<Exchanged> & { readonly blob?: string; readonly operation?: string } = {},
): Moment {
  return exchanged({
    id,
    startMs: 3000 + id,
    from: "main",
    to: "dapr",
    path: "/v1.0/bindings/blob",
    body: JSON.stringify({
      operation,
      data: "hello",
      metadata: blob === undefined ? {} : { blobName: blob },
    }),
    ...more,
  });
}

function called(calls: readonly Moment[], more: Partial<ExampleRun> = {}): RunRecord {
  return run(TICKS, { ...more, moments: [...tapped(), ...calls, ...(more.moments ?? [])] });
}

function judge(record: RunRecord, options: InvokesOptions = {}, operation = "create"): readonly Judgement[] {
  return checked([invokes("blob", operation, options)], record);
}

const GOOD = [call(10, { blob: "batch_0.txt" }), call(11, { blob: "batch_1.txt" })];

/** daprd's, which says how the blob is named. */
function answer(blobName: string): string {
  return JSON.stringify({ blobURL: "https://x", blobName });
}

function grpc(id: number, blobName: string): Moment {
  return call(id, {
    path: "/dapr.proto.runtime.v1.Dapr/InvokeBinding",
    grpc: {
      service: "dapr.proto.runtime.v1.Dapr",
      method: "InvokeBinding",
      requests: [{ atMs: 1, size: 1, json: { name: "blob", operation: "create" } }],
      responses: [
        {
          atMs: 1,
          size: 1,
          json: { data: Buffer.from(JSON.stringify({ blobName })).toString("base64") },
        },
      ],
      status: 0,
    },
  });
}

function counted(success: number, failed = 0): Partial<ExampleRun> {
  return {
    account: { invoked: [{ component: "blob", operation: "create", success, failed }] },
  };
}

describe("invokes on the wire", () => {
  test("holds where each call has its blob", () => {
    expect(judge(called(GOOD))).toEqual([
      {
        contract: 'invokes("blob", "create")',
        verdict: "held",
        evidence: ["2 calls with success on the wire, 0 without", '2 blobs in "container1"'],
      },
    ]);
  });

  test("a blob that is not there", () => {
    expect(judge(called([...GOOD, call(12, { blob: "lost.txt" })]))).toMatchObject([
      {
        verdict: "broken",
        symptom: 'create of "blob" has no effect in storage',
        evidence: expect.arrayContaining(['"lost.txt" is not there']),
      },
    ]);
  });

  test("a blob that daprd named is known by its answer", () => {
    expect(judge(called([call(10, { answer: answer("batch_0.txt") })]))).toMatchObject([{ verdict: "held" }]);
    expect(judge(called([call(10, { answer: answer("uuid") })]))).toMatchObject([{ verdict: "broken" }]);
  });

  test("blobs without a name are counted", () => {
    expect(judge(called([call(10), call(11)]))).toMatchObject([{ verdict: "held" }]);
    expect(judge(called([call(10), call(11), call(12)]))).toMatchObject([{ verdict: "broken" }]);
  });

  test("storage that could not be looked at says nothing", () => {
    const blind = at(5000, { type: "observer.failed", observer: "blobs", detail: "403" }, null);
    expect(judge(called([call(12, { blob: "lost.txt" }), blind]))).toMatchObject([{ verdict: "unknown" }]);
  });

  test("it is not invoked, or with something else, or by its neighbour's name", () => {
    const none = [{ verdict: "broken", symptom: '"blob" is not invoked with create' }];
    expect(judge(called([]))).toMatchObject(none);
    expect(judge(called([call(10, { operation: "get" })]))).toMatchObject(none);
    expect(judge(called([call(10, { path: "/v1.0/bindings/other" })]))).toMatchObject(none);
    expect(judge(called([call(10, { method: "GET" })]))).toMatchObject(none);
    expect(judge(called([call(10, { to: "main" })]))).toMatchObject(none);
  });

  test("calls that fail, unless something was out of reach", () => {
    const failing = [...GOOD, call(12, { blob: "x", status: 500, startMs: 5000 })];
    expect(judge(called(failing))).toMatchObject([
      {
        verdict: "broken",
        symptom: 'calls of "blob" with create fail',
        evidence: ["2 calls with success on the wire, 1 without", "at +5.00 s: 500"],
      },
    ]);
    expect(judge(called(failing), { failed: 1 })).toMatchObject([{ verdict: "held" }]);
    expect(judge(called(failing), { failed: false })).toMatchObject([{ verdict: "held" }]);
    const fault = { fault: "storage-status", status: 503 } as const;
    const outage = [
      at(4500, { type: "fault.injected", id: 1, fault, what: "storage" }, null),
      at(5500, { type: "fault.healed", id: 1, fault, what: "storage" }, null),
    ];
    expect(judge(called([...failing, ...outage]))).toMatchObject([{ verdict: "held" }]);
  });

  test("how often", () => {
    expect(judge(called(GOOD), { count: { least: 3 } })).toMatchObject([
      { verdict: "broken", symptom: '"blob" is invoked with create too rarely' },
    ]);
    expect(judge(called(GOOD), { count: { most: 1 } })).toMatchObject([
      { verdict: "broken", symptom: '"blob" is invoked with create too often' },
    ]);
  });

  test("over gRPC, with the name in the answer", () => {
    expect(judge(called([grpc(10, "batch_0.txt")]))).toMatchObject([{ verdict: "held" }]);
    expect(judge(called([grpc(10, "lost.txt")]))).toMatchObject([{ verdict: "broken" }]);
  });

  test("a call whose body is too long is not said to be missing", () => {
    expect(judge(called([call(10, { body: '{"data":"aaaa' })]))).toMatchObject([
      { verdict: "unknown", evidence: [expect.stringContaining("could not be read"), expect.anything()] },
    ]);
  });

  test("an operation whose effect nobody looks for", () => {
    expect(judge(called([call(10, { operation: "delete", blob: "x" })]), {}, "delete")).toMatchObject([
      { verdict: "held", evidence: expect.arrayContaining([expect.stringContaining("is not looked for")]) },
    ]);
  });

  test("there is no such binding", () => {
    expect(checked([invokes("blop", "create")], called(GOOD))).toMatchObject([
      { verdict: "broken", symptom: 'there is no binding "blop"' },
    ]);
  });
});

describe("invokes without a tap", () => {
  test("holds by daprd's counters and the blobs", () => {
    expect(judge(run(TICKS, counted(2)))).toMatchObject([
      {
        verdict: "held",
        evidence: [
          expect.stringContaining("by daprd's counters, since the run had no tap"),
          '2 blobs in "container1"',
        ],
      },
    ]);
  });

  test("is broken by them", () => {
    expect(judge(run(TICKS, counted(0)))).toMatchObject([{ verdict: "broken" }]);
    expect(judge(run(TICKS, counted(2, 1)))).toMatchObject([
      { verdict: "broken", symptom: 'calls of "blob" with create fail' },
    ]);
    expect(judge(run([], counted(2)))).toMatchObject([
      { verdict: "broken", symptom: 'create of "blob" has no effect in storage' },
    ]);
  });

  test("is unknown without them", () => {
    expect(judge(run(TICKS, { account: null }))).toMatchObject([
      { verdict: "unknown", remedy: expect.stringContaining("--tap") },
    ]);
  });
});
