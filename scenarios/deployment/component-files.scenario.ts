import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";

const DEPLOYED = "fixtures/components";
const RESOURCES_PATH = "/root/.dapr/components";

const test = siteTest("fixtures/sites/example", { until: "scheduled", schedule: { main: "never" } });

test("the component files of a run are those of fixtures/components, byte for byte", async ({ site }) => {
  const deployed = await deployedFiles();
  expect(deployed.map(({ name }) => name)).toEqual(["batch.yaml", "blob.yaml"]);

  // The run's record holds their digests …
  const record = JSON.parse(await readFile(path.join(site.runDirectory, "record.json"), "utf8")) as {
    readonly componentFiles: unknown;
    readonly differences: readonly { readonly what: string }[];
  };
  expect(record.componentFiles).toEqual({
    dapr: deployed.map(({ name, bytes }) => ({
      path: `${RESOURCES_PATH}/${name}`,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    })),
  });
  expect(record.differences.filter(({ what }) => what.includes(RESOURCES_PATH))).toEqual([]);

  // … and the container in which daprd has read them has these bytes and no other file.
  await untilEvent(site, "component.loaded", { nth: 2, withinMs: 60_000 });
  const dapr = site.container("dapr");
  const listing = await dapr.exec(["ls", "-A", RESOURCES_PATH]);
  expect(listing.stdout.trim().split("\n")).toEqual(deployed.map(({ name }) => name));
  for (const { name, bytes } of deployed) {
    const { stdout } = await dapr.exec(["base64", "--wrap=0", `${RESOURCES_PATH}/${name}`]);
    expect({ name, content: stdout }).toEqual({ name, content: bytes.toString("base64") });
  }
});

async function deployedFiles(): Promise<readonly { readonly name: string; readonly bytes: Buffer }[]> {
  const names = (await readdir(DEPLOYED)).toSorted();
  return await Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(path.join(DEPLOYED, name)) })),
  );
}
