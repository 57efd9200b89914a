import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { connectEngine } from "../../harness/runtime/engine/connect-engine.ts";
import { startSite } from "../../harness/site/start-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { EngineProxy } from "../support/engine-proxy.ts";
import { leftoversOf } from "../support/leftovers.ts";
import { TrialRuns } from "../support/trial-runs.ts";

const test = siteTest("fixtures/sites/example");

/** A file system of a size of one's own can be mounted by root on Linux. */
const mayMount = process.platform === "linux" && process.getuid?.() === 0;

test.concurrent(
  "the engine's disk is full when a container of the site is created",
  async ({ host, definition }) => {
    await using proxy = await EngineProxy.inFrontOf(process.env["DOCKER_HOST"]);
    await using trial = await TrialRuns.create(host.engine);
    const engine = await connectEngine({ environment: { DOCKER_HOST: proxy.dockerHost } });
    proxy.refuse((line) =>
      /^POST \/containers\/create\?name=[^& ]*-dapr(?:[&\s]|$)/.test(line)
        ? { status: 500, message: "mkdir /var/lib/docker/overlay2/1f0c: no space left on device" }
        : undefined,
    );

    const failure = startSite(definition, { host: { ...host, engine }, runsDirectory: trial.directory });

    await expect(failure).rejects.toMatchObject({
      code: "NO_SPACE",
      fault: "system",
      message: expect.stringMatching(
        /^NO_SPACE: the engine's disk is full; could not creat.* container "dapr"/,
      ),
      observations: [{ label: "engine", value: expect.stringContaining("no space left on device") }],
      remedy: expect.stringContaining("make room"),
    });
    expect(await trial.runs()).toHaveLength(1);
    expect(await trial.leftovers()).toEqual([]);
  },
);

test
  .runIf(mayMount)
  .concurrent("the disk of the record is full before the run", async ({ host, definition }) => {
    await using disk = await SmallDisk.mount(64);
    await disk.fill();

    const failure = startSite(definition, { host, runsDirectory: path.join(disk.path, "runs") });

    await expect(failure).rejects.toMatchObject({
      code: "NO_SPACE",
      fault: "system",
      message: expect.stringMatching(/^NO_SPACE: no space is left for the record of the run\./),
      observations: [
        { label: "path", value: path.join(disk.path, "runs") },
        { label: "answer", value: expect.stringMatching(/ENOSPC/) },
      ],
      remedy: expect.stringContaining("SITECAR_RUNS"),
    });
  });

test
  .runIf(mayMount)
  .concurrent(
    "the disk of the record fills up during the run: the run goes on, and its end tells",
    async ({ host, definition }) => {
      await using disk = await SmallDisk.mount(1024);
      const site = await startSite(definition, { host, runsDirectory: disk.path, until: "started" });
      await disk.fill();
      const seen = Promise.withResolvers<void>();
      site.container("main").onOutput(({ text }) => {
        if (text.startsWith("xxx")) seen.resolve();
      });

      // More than what the last page of a file still takes.
      await site
        .container("main")
        .exec(["sh", "-c", "(head -c 16384 /dev/zero | tr '\\0' x; echo) >/proc/1/fd/1"]);
      await seen.promise;
      await expect(fetch(`${site.url}/batchstatus`)).resolves.toMatchObject({ status: 200 });

      await expect(site[Symbol.asyncDispose]()).rejects.toMatchObject({
        code: "CLEANUP_FAILED",
        observations: [{ label: "run folder", value: expect.stringMatching(/^NO_SPACE: /) }],
        cause: { code: "NO_SPACE" },
      });
      expect(await leftoversOf(host.engine, [site.runId])).toEqual([]);
    },
  );

/** A file system in memory. */
class SmallDisk implements AsyncDisposable {
  readonly path: string;

  private constructor(directory: string) {
    this.path = directory;
  }

  static async mount(kibibytes: number): Promise<SmallDisk> {
    const directory = await mkdtemp(path.join(tmpdir(), "sitecar-disk-"));
    await execa("mount", ["-t", "tmpfs", "-o", `size=${kibibytes}k`, "sitecar", directory]);
    return new SmallDisk(directory);
  }

  /** Until not a byte is left. */
  async fill(): Promise<void> {
    await expect(
      writeFile(path.join(this.path, "filler"), Buffer.alloc(2 * 1024 * 1024)),
    ).rejects.toMatchObject({
      code: "ENOSPC",
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Also where a scenario that failed has left a file of it open.
    await execa("umount", ["--lazy", this.path]);
    await rm(this.path, { recursive: true, force: true });
  }
}
