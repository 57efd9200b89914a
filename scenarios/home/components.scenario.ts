import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { readBatches } from "../support/batches.ts";
import { untilEvent } from "../support/observations.ts";

/** Of the ticks that the schedule is told by. */
const INTERVALS = 3;

const inHome = siteTest("fixtures/sites/example-home");
const templated = siteTest("fixtures/sites/example-templated");

inHome("the deployed component files work from /home, byte for byte", async ({ site }) => {
  const files = site.componentFiles();
  expect(files.map(({ path: name }) => name)).toEqual([
    "/home/dapr/components/batch.yaml",
    "/home/dapr/components/blob.yaml",
  ]);
  for (const { path: name } of files) {
    const { stdout } = await site.container("dapr").exec(["base64", "--wrap=0", name]);
    const deployed = await readFile(path.join("fixtures/components", path.basename(name)), "base64");
    expect({ name, content: stdout }).toEqual({ name, content: deployed });
  }
  await untilEvent(site, "blob.created", { withinMs: 60_000 });
  expect(await readBatches(await site.blobs())).not.toEqual([]);
});

templated(
  "component files that the entrypoint fills from app settings are read as they became",
  async ({ site }) => {
    expect(site.componentFiles().map(({ path: name }) => name)).toEqual([
      "/root/.dapr/filled/batch.yaml",
      "/root/.dapr/filled/blob.yaml",
    ]);
    const record = JSON.parse(await readFile(path.join(site.runDirectory, "record.json"), "utf8")) as {
      readonly componentFiles: unknown;
    };
    expect(record.componentFiles).toEqual({
      dapr: site.componentFiles().map(({ path: name, sha256 }) => ({ path: name, sha256 })),
    });
    // The schedule and the container come from app settings.
    const blob = await untilEvent(site, "blob.created", { withinMs: 60_000, nth: 2 });
    expect(blob).toMatchObject({ account: "toshidasandboxstorage", container: "from-settings" });
    // Over several intervals: when a tick is seen is not when it came.
    const later = await untilEvent(site, "tick", { withinMs: 60_000, nth: 1 + INTERVALS });
    const [first] = site.timeline.of("tick");
    expect((later.tMs - (first?.tMs ?? Number.NaN)) / INTERVALS).toBeLessThan(5_000);
  },
);
