import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { Bench } from "../../harness/site/bench.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { smallSite } from "../support/small-site.ts";
import { ACCOUNT, askStorage, resolveName, STORAGE_CLIENT } from "./storage-client.ts";

const { definition, options } = smallSite(
  await exampleSite(),
  { main: STORAGE_CLIENT },
  { identity: { type: "SystemAssigned" }, storageAccounts: [{ name: ACCOUNT }] },
);
const test = siteTest(definition, options);

test("a namespace that is used again has nothing of the storage that was before: no fault, no open gate, no blob", async ({
  host,
}) => {
  const folder = await mkdtemp(join(tmpdir(), "storage-reuse-"));
  await using releases = new AsyncDisposableStack();
  releases.defer(() => rm(folder, { recursive: true }));
  const bench = releases.use(
    await Bench.create(definition, { host, instances: 1, benchesDirectory: folder, ...options }),
  );
  const trial = async (starts: readonly { readonly container: string; readonly atMs: number | null }[]) => {
    const prepared = await bench.prepare({ starts }, { runsDirectory: folder });
    return { prepared, site: prepared.begin() };
  };

  const first = await trial([{ container: "main", atMs: 0 }]);
  await first.site.untilStarted();
  expect(await askStorage(first.site, { path: "/box?restype=container", size: 0 })).toMatchObject({
    status: 201,
  });
  expect(await askStorage(first.site, { over: "kept" })).toMatchObject({ status: 201 });
  // Left in force, each of another part of the way.
  await first.site.storage.fail({ kind: "status", status: 503 });
  await first.site.storage.fail({ kind: "slow", latencyMs: 5_000 });
  await first.site.storage.fail({ kind: "unreachable" });
  await first.site.storage.fail({ kind: "name", answer: "nxdomain" });
  await first.prepared.clear();

  const second = await trial([
    { container: "main", atMs: 0 },
    { container: "storage", atMs: null },
  ]);
  await second.site.untilStarted();
  expect(second.site.storage.failures).toEqual([]);
  expect((await resolveName(second.site))[0]).toEqual(["169.254.129.4"]);
  expect(await askStorage(second.site)).toMatchObject({ status: null, error: "ECONNREFUSED" });
  await second.site.container("storage").start();
  const seen = await askStorage(second.site);
  expect(seen).toMatchObject({ status: 404, headers: { "x-ms-error-code": "ContainerNotFound" } });
  // A trial that ends a storage has one again in the next.
  await second.site.container("storage").kill();
  await second.prepared.clear();

  const third = await trial([
    { container: "storage", atMs: 0 },
    { container: "main", atMs: 200 },
  ]);
  await third.site.untilStarted();
  // Started does not wait for storage.
  const started = await untilEvent(third.site, "container.started", {
    withinMs: 60_000,
    matches: ({ container }) => container === "storage",
  });
  expect(started).toMatchObject({ plannedMs: 0 });
  expect(await askStorage(third.site, { path: "/box?restype=container", size: 0 })).toMatchObject({
    status: 201,
  });
  await third.prepared.clear();
});
