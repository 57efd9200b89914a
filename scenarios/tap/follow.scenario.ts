import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { everySecond } from "../support/example-site.ts";
import { Runner } from "../support/runner.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example");

const TAP = [process.execPath, "harness/cli/main.ts", "tap"] as const;

test.concurrent(
  "another process follows the exchanges of a site until it ends, and writes them as HAR",
  async ({ host, startSite }) => {
    const folder = await mkdtemp(path.join(tmpdir(), "sitecar-tap-"));
    try {
      const har = path.join(folder, "site.har");
      const site = await startSite({
        files: await everySecond(),
        tap: true,
        runsDirectory: folder,
        until: "scheduled",
      });
      const environment = { SITECAR_RUNS: folder };
      await using json = await Runner.start(host.engine, [...TAP, "example", "--json"], { environment });
      await using table = await Runner.start(host.engine, [...TAP, "--run", site.runId, "--har", har], {
        environment,
      });
      await site.untilReady();
      await untilEvent(site, "tick", { nth: 2, withinMs: 60_000 });
      // Both run from before the first exchange to the site's end.
      await site[Symbol.asyncDispose]();
      const [lines, rows] = [await json.ended(), await table.ended()];

      expect([lines, rows].map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
        [0, ""],
        [0, ""],
      ]);
      const seen = lines.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      const ticks = seen.filter(({ request }) => request?.path === "/.internal/batch");
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(rows.stdout).toMatch(
        /^ *\+\d+\.\d{6} s {2}dapr → main:9000 +POST \/\.internal\/batch +200 +\d+\.\d{3} ms {2}0 → \d+ B$/m,
      );
      const archive = JSON.parse(await readFile(har, "utf8"));
      const urls = archive.log.entries.map(({ request }: { request: { url: string } }) => request.url);
      // One that goes on is told of as open, and again when it has ended: one exchange with one id.
      const ids = new Set(ticks.map(({ id }) => id));
      expect(urls.filter((url: string) => url === "http://127.0.0.1:9000/.internal/batch")).toHaveLength(
        ids.size,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

test.concurrent("a run without the tap has none to follow", async ({ host, startSite }) => {
  const folder = await mkdtemp(path.join(tmpdir(), "sitecar-tap-"));
  try {
    const site = await startSite({ runsDirectory: folder, until: "started" });
    await expect(site.exchanges()).rejects.toMatchObject({ code: "NOT_TAPPED" });
    const environment = { SITECAR_RUNS: folder };
    await using runner = await Runner.start(host.engine, [...TAP, "--run", site.runId], { environment });
    const { exitCode, stderr } = await runner.ended();
    expect({ exitCode, stderr }).toEqual({
      exitCode: 64,
      stderr: expect.stringMatching(/^NOT_TAPPED: .*\nFix: .*--tap/),
    });
    await site[Symbol.asyncDispose]();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
