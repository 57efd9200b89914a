import { text } from "node:stream/consumers";
import { PassThrough } from "node:stream";
import { expect } from "vitest";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { Host } from "../../harness/site/host.ts";
import { startSite } from "../../harness/site/start-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { leftoversOf } from "../support/leftovers.ts";
import { Runner } from "../support/runner.ts";
import { siteOfTwo } from "./site-of-two.ts";

const test = siteTest(siteOfTwo);

const RESOURCES = { cpus: 1, memoryBytes: 512 * 1024 ** 2 };

test.concurrent("limits are there as long as the site, and no longer", async ({ host }) => {
  const site = await startSite(siteOfTwo, { host, resources: RESOURCES });
  expect(await groupsOf(host, site.runId)).not.toEqual([]);

  await site[Symbol.asyncDispose]();

  expect(await groupsOf(host, site.runId)).toEqual([]);
  expect(await leftoversOf(host.engine, [site.runId])).toEqual([]);
});

test.concurrent("a site without a plan has no limits", async ({ host, site }) => {
  expect(await groupsOf(host, site.runId)).toEqual([]);
  const kinds = (await leftoversOf(host.engine, [site.runId])).map(({ kind }) => kind);
  expect(kinds).not.toContain("limits");
});

test.concurrent("the limits of a run that was killed are removed by the next start", async ({ host }) => {
  await using killed = await Runner.start(host.engine, [
    process.execPath,
    "harness/cli/main.ts",
    "up",
    "fixtures/sites/example",
    "--plan",
    "B1",
  ]);
  const { container } = await killed.untilEvent("container.started", {
    withinMs: 90_000,
    matches: (event) => event.container === "main",
  });
  expect(container).toBe("main");
  const [{ runId } = { runId: "" }] = await killed.leftovers();
  expect(await groupsOf(host, runId)).not.toEqual([]);
  // Once it is dead, any scenario's start removes what it left, not the one here alone.
  expect((await killed.leftovers()).map(({ kind }) => kind)).toContain("limits");

  killed.killAll();
  await killed.ended();
  await using _ = await startSite(siteOfTwo, { until: "scheduled" });

  // What somebody else is about to remove counts as removed.
  await poll(async () => ((await killed.leftovers()).length === 0 ? true : undefined), {
    deadline: Deadline.in(30_000),
  });
  expect(await killed.leftovers()).toEqual([]);
  expect(await groupsOf(host, runId)).toEqual([]);
});

/** The run's control groups on the engine's machine, as a container sees them that mounts all of them. */
async function groupsOf({ engine, images }: Host, runId: string): Promise<readonly string[]> {
  const look = await engine.docker.createContainer({
    Image: images.platform.reference,
    Entrypoint: ["find", "/sys/fs/cgroup", "-maxdepth", "2"],
    Cmd: ["-name", `sitecar_${runId.replaceAll(/\W/g, "_")}_*`],
    HostConfig: { NetworkMode: "none", Binds: ["/sys/fs/cgroup:/sys/fs/cgroup:ro"] },
  });
  try {
    const stream = await look.attach({ stream: true, stdout: true, stderr: true });
    const stdout = new PassThrough();
    engine.docker.modem.demuxStream(stream, stdout, process.stderr);
    stream.on("end", () => stdout.end());
    await look.start();
    return (await text(stdout)).split("\n").filter((line) => line !== "");
  } finally {
    await look.remove({ force: true });
  }
}
