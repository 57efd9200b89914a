import { describe, expect, test } from "vitest";

import { bindingActive } from "./binding-active.ts";
import { BUILT_IN_CONTRACTS } from "./built-in.ts";
import type { RunRecord } from "./run-record.ts";
import { checked } from "./test-support/checked.ts";
import type { ExampleRun } from "./test-support/example-run.ts";
import { blobFile, cronFile } from "./test-support/files.ts";
import { run } from "./test-support/judged.ts";
import { ticks, type Moment } from "./test-support/moments.ts";
import { exchanged, posts, tapped, type Exchanged } from "./test-support/wire.ts";

/** daprd asks, and does not get its metrics out. */
function asking(option: Partial<Exchanged> | undefined, more: Partial<ExampleRun> = {}): RunRecord {
  const question: readonly Moment[] =
    option === undefined ? [] : [exchanged({ id: 7, startMs: 2005, method: "OPTIONS", ...option })];
  return run([], {
    files: [cronFile({ direction: null }), blobFile()],
    account: { appConfigurationCalls: 1 },
    ...more,
    moments: [...tapped(), ...question, ...(more.moments ?? [])],
  });
}

function judge(record: RunRecord, name = "batch") {
  const [judgement] = checked([bindingActive(name)], record);
  return judgement;
}

describe("bindingActive", () => {
  test("holds by metadata, metrics and the wire", () => {
    const record = run(ticks({ firstMs: 3000, count: 5 }), {
      moments: [...tapped(), ...posts([3000, 4001, 5002, 6003, 7004])],
    });
    expect(judge(record)).toEqual({
      contract: 'bindingActive("batch")',
      verdict: "held",
      evidence: ["called the app 5 times, 0 failed; on the wire it was posted 5 times"],
    });
  });

  test("without a tap it is the built-in one's judgement of that binding", () => {
    const record = run([], {
      account: { options: { sent: 1, answers: { 404: 1 } } },
      files: [cronFile({ direction: null })],
    });
    const builtIn = checked(BUILT_IN_CONTRACTS, record).find(
      ({ contract }) => contract === 'bindingsActive("batch")',
    );
    expect(judge(record)).toEqual({ ...builtIn, contract: 'bindingActive("batch")' });
    expect(judge(record)).toMatchObject({ verdict: "broken", symptom: 'binding "batch" never active' });
  });

  test("where the metrics do not tell, the wire does", () => {
    expect(judge(asking(undefined))).toMatchObject({ verdict: "unknown" });
    expect(judge(asking({ status: 204 }))).toMatchObject({ verdict: "held" });
    expect(judge(asking({ status: 405 }))).toMatchObject({ verdict: "held" });
    expect(judge(asking({ status: 404 }))).toMatchObject({
      verdict: "broken",
      symptom: 'binding "batch" never active',
      evidence: [expect.stringContaining("on the wire OPTIONS /.internal/batch had 404")],
    });
  });

  test.for<readonly [string, Partial<Exchanged>, string]>([
    ["hangs", { latencyMs: null }, "broken"],
    ["is given up", { end: { how: "closed", by: "from" } }, "broken"],
    ["has just been sent", { startMs: 7900, latencyMs: null }, "unknown"],
  ])("its question %s", ([, option, verdict]) => {
    expect(judge(asking(option))).toMatchObject({ verdict });
  });

  test("what daprd asked before the harness heard of its start counts", () => {
    // It is started at 0.12 s, as the harness has it.
    expect(judge(asking({ startMs: 100, status: 404 }))).toMatchObject({
      evidence: [expect.stringContaining("on the wire OPTIONS /.internal/batch had 404")],
    });
  });

  test("posts of another binding with the same route prove nothing", () => {
    const twin = cronFile({ name: "other", direction: null });
    const files = [cronFile({ direction: null }), twin].map((file) => ({
      ...file,
      components: file.components.map((one) => ({
        ...one,
        metadata: { ...one.metadata, route: "/.internal/batch" },
      })),
    }));
    expect(judge(asking({ status: 204 }, { files }))).toMatchObject({ verdict: "unknown" });
  });

  test("there is no such binding", () => {
    expect(judge(asking(undefined), "bacth")).toMatchObject({
      verdict: "broken",
      symptom: 'there is no input binding "bacth"',
      remedy: 'name an input binding of the component files: "batch".',
    });
    expect(judge(asking(undefined), "blob")).toMatchObject({ verdict: "broken" });
  });
});
