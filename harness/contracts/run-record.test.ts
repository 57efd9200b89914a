import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { readComponentFile } from "../dapr/component-files.ts";
import { DaprMetrics } from "../dapr/dapr-metrics.ts";
import { parsePrometheusText } from "../dapr/prometheus-text.ts";
import { makePlan } from "../plan/make-plan.ts";
import { OPTIONS, site } from "../plan/test-support/small-definition.ts";
import { RunDirectory } from "../timeline/run-directory.ts";
import { Timeline } from "../timeline/timeline.ts";
import { readRunRecord } from "./read-run-record.ts";
import type { RunRecord } from "./run-record.ts";
import { writeRunRecord } from "./write-run-record.ts";

const METRICS = `
dapr_component_input_binding_count{app_id="main",component="batch",namespace="",success="true"} 3
dapr_component_input_binding_event_latencies_bucket{component="batch",le="1"} 1
go_goroutines 40
`;

const BLOB = `apiVersion: dapr.io/v1alpha1
kind: Component
metadata: { name: blob }
spec:
  type: bindings.azure.blobstorage
  version: v1
  metadata:
    - { name: accountName, value: shop }
    - { name: accountKey, value: c2VjcmV0 }
`;

let root = "";

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "sitecar-records-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A run of two lives of one worker's instance, ended in an orderly way. */
async function ended(): Promise<{ readonly record: RunRecord; readonly directory: RunDirectory }> {
  const directory = await RunDirectory.open("example", { root });
  const timeline = new Timeline();
  directory.follow(timeline);
  const originMs = Date.now() - timeline.now();
  const plan = makePlan(site({ appSettings: [{ name: "SHOP_PASSWORD", value: "hunter2" }] }), OPTIONS);
  await directory.writePlan(plan);
  const at = (ms: number): number => originMs + ms;
  for (const instance of ["0-1", "0-2"]) {
    const from = instance === "0-1" ? 0 : 10_000;
    timeline.record(
      { type: "container.created", container: "dapr", id: "1", imageId: "2" },
      at(from),
      instance,
    );
    timeline.record(
      { type: "container.started", container: "dapr", plannedMs: 0, latenessMs: 12 },
      at(from + 10),
      instance,
    );
    directory.log("dapr").write("stderr", `hello from ${instance}\r\n`, at(from + 1000));
    timeline.record(
      { type: "container.exited", container: "dapr", exitCode: 0, outOfMemory: false, asked: true },
      at(from + 5000),
      instance,
    );
  }
  directory.log("storage").write("stdout", "a line\u2028 of its own\n", at(1500));
  directory.log("platform").write("stdout", "{}\n", at(1));
  const record = await writeRunRecord({
    plan,
    timeline,
    directory,
    componentFiles: new Map([["dapr", [readComponentFile("/components/blob.yaml", Buffer.from(BLOB))]]]),
    snapshots: new Map([
      [
        "0-2",
        new Map([
          [
            "dapr",
            {
              health: 204,
              metadata: { id: "main", components: [] },
              metrics: new DaprMetrics(parsePrometheusText(METRICS)),
            },
          ],
        ]),
      ],
    ]),
    observedUntilMs: 14_000,
    stopped: [{ container: "dapr", instance: "0-2", exitCode: 0, afterMs: 1000, killed: false }],
    eventLoopMs: 3,
  });
  // The harness's clearing up comes after the record.
  timeline.record({ type: "phase", name: "later" });
  directory.log("storage").write("stdout", "later\n");
  await directory[Symbol.asyncDispose]();
  return { record, directory };
}

test("a run's record equals the one read back from its folder", async () => {
  const { record, directory } = await ended();
  expect(await readRunRecord(directory.path)).toEqual(record);
});

test("lines stand in the order of their times, each with the instance that can have printed it", async () => {
  const { record } = await ended();
  expect(record.lines).toEqual([
    {
      container: "dapr",
      instance: "0-1",
      stream: "stderr",
      tMs: expect.closeTo(1000, -1),
      text: "hello from 0-1",
    },
    {
      container: "storage",
      stream: "stdout",
      tMs: expect.closeTo(1500, -1),
      text: "a line\u2028 of its own",
    },
    {
      container: "dapr",
      instance: "0-2",
      stream: "stderr",
      tMs: expect.closeTo(11_000, -1),
      text: "hello from 0-2",
    },
  ]);
});

test("it has what contracts look at, and no secret", async () => {
  const { record, directory } = await ended();
  expect(record).toMatchObject({ instances: ["0-1", "0-2"], lateness: { scheduleMs: 12, eventLoopMs: 3 } });
  const metrics = record.snapshots.get("0-2")?.get("dapr")?.metrics;
  expect(metrics?.inputBindingCount("batch")).toEqual({ success: 3, failed: 0 });
  expect(metrics?.samples).toHaveLength(1);
  expect(record.componentFiles.get("dapr")?.[0]?.components[0]?.metadata).toEqual({
    accountName: "shop",
    accountKey: "(masked)",
  });
  for (const file of ["plan.json", "component-files.json", "snapshots.json", "stopped.json"]) {
    const text = await readFile(path.join(directory.path, file), "utf8");
    expect(text).not.toMatch(/c2VjcmV0|hunter2/);
  }
});

test.for(["timeline.jsonl", "plan.json", "component-files.json", "snapshots.json", "stopped.json", "logs"])(
  "a folder without %s is no record, and the error says what is missing",
  async (name) => {
    const { directory } = await ended();
    await rm(path.join(directory.path, name), { recursive: true });
    await expect(readRunRecord(directory.path)).rejects.toMatchObject({
      code: "RUN_UNREADABLE",
      message: expect.stringContaining(name),
      remedy: expect.stringContaining("run the site again"),
    });
  },
);

test("a run that goes on has no record yet", async () => {
  await using directory = await RunDirectory.open("example", { root });
  await expect(readRunRecord(directory.path)).rejects.toMatchObject({
    code: "RUN_UNREADABLE",
    remedy: expect.stringContaining("the run goes on"),
  });
});

test("half a line at the end of a timeline is left out, one in the middle is an error", async () => {
  const { record, directory } = await ended();
  const file = path.join(directory.path, "timeline.jsonl");
  const text = await readFile(file, "utf8");
  await writeFile(file, `${text}{"seq":`);
  expect((await readRunRecord(directory.path)).events).toEqual(record.events);
  await writeFile(file, text.replace("\n", "{\n"));
  await expect(readRunRecord(directory.path)).rejects.toMatchObject({ code: "RUN_UNREADABLE" });
});
