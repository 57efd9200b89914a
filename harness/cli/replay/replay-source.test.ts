import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findReplay } from "./replay-source.ts";

let run: string;
beforeEach(async () => {
  run = await mkdtemp(path.join(tmpdir(), "sitecar-replay-"));
  const inputs = { workingDirectory: "/site", files: [{ file: "sitecar.json" }] };
  await writeFile(path.join(run, "record.json"), JSON.stringify({ inputs }));
});
afterEach(() => rm(run, { recursive: true }));

async function withPlan(more: object): Promise<void> {
  await writeFile(path.join(run, "plan.json"), JSON.stringify({ schedule: { starts: [] }, ...more }));
}

test("a run is made again from its schedule and its inputs", async () => {
  await withPlan({});
  expect(await findReplay(run)).toMatchObject({
    schedule: { starts: [] },
    inputs: { workingDirectory: "/site" },
  });
});

test("one with virtual time is not: its time would be another", async () => {
  await withPlan({ virtualTime: { from: "2026-03-28T00:00:00.000Z", clocks: [] } });
  await expect(findReplay(run)).rejects.toMatchObject({
    code: "VIRTUAL_TIME_NOT_POSSIBLE",
    remedy: expect.stringContaining("sitecar up --virtual-time"),
  });
});
