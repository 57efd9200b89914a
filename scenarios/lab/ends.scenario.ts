import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { openLaboratory } from "../../harness/lab/open-laboratory.ts";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { leftoversOf, runsIn } from "../support/leftovers.ts";
import { ANSWERING_MAIN, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

const AN_HOUR_MS = 3_600_000;
const LATE = { starts: [{ container: "main", atMs: AN_HOUR_MS }] };
const AT_ONCE = { starts: [{ container: "main", atMs: 0 }] };

async function until(description: string, holds: () => Promise<boolean>): Promise<void> {
  const outcome = await poll(async () => ((await holds()) ? true : undefined), {
    deadline: Deadline.in(60_000),
  });
  if (!outcome.met) throw new Error(`${description}: not within a minute`, { cause: outcome.lastFailure });
}

test("a laboratory that is aborted in the middle of trials leaves nothing behind", async ({
  definition,
  host,
}) => {
  const runsDirectory = await mkdtemp(path.join(tmpdir(), "sitecar-lab-"));
  const { definition: site, options } = smallSite(definition, { main: ANSWERING_MAIN });
  const stop = new AbortController();
  const reason = new Error("enough");
  try {
    const laboratory = await openLaboratory(site, {
      ...options,
      host,
      contracts: [],
      runsDirectory,
      mostAtOnce: 2,
      signal: stop.signal,
    });
    const trials = [LATE, LATE, LATE].map(async (schedule) => await laboratory.run(schedule));
    const outcomes = Promise.allSettled(trials);
    const benches = path.join(runsDirectory, "benches");
    // Two run, the third waits for its turn.
    await until("two trials", async () => (await runsIn(runsDirectory)).length === 2);
    await until(
      "their containers",
      async () =>
        (await leftoversOf(host.engine, await runsIn(benches))).filter(
          ({ kind, name }) => kind === "container" && name.endsWith("-main"),
        ).length === 2,
    );

    stop.abort(reason);

    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: "rejected" });
    await expect(laboratory.run(AT_ONCE)).rejects.toBe(reason);
    await laboratory[Symbol.asyncDispose]();
    expect(await leftoversOf(host.engine, await runsIn(benches))).toEqual([]);
  } finally {
    await rm(runsDirectory, { recursive: true, force: true });
  }
});

test("a bench whose namespace is lost under a trial is thrown away; the next trial has another one", async ({
  definition,
  host,
}) => {
  const runsDirectory = await mkdtemp(path.join(tmpdir(), "sitecar-lab-"));
  const { definition: site, options } = smallSite(definition, { main: ANSWERING_MAIN });
  const benches = path.join(runsDirectory, "benches");
  try {
    await using laboratory = await openLaboratory(site, {
      ...options,
      host,
      contracts: [],
      runsDirectory,
      mostAtOnce: 1,
      latenessBoundMs: 60_000,
    });
    const lost = laboratory.run({ starts: [{ container: "main", atMs: 0 }] });
    lost.catch(() => undefined);
    await until("a trial", async () => (await runsIn(runsDirectory)).length === 1);
    const [bench = ""] = await readdir(benches).then((names) =>
      names.filter((name) => !name.startsWith(".")),
    );
    await host.engine.docker.getContainer(`sitecar-${bench}-0-1-platform`).kill();
    await Promise.allSettled([lost]);

    await expect(laboratory.run(AT_ONCE)).resolves.toMatchObject({ verdict: "held" });
    expect(laboratory.figures().benches).toBe(2);
    expect(await leftoversOf(host.engine, [bench])).toEqual([]);
  } finally {
    await rm(runsDirectory, { recursive: true, force: true });
  }
  expect(await leftoversOf(host.engine, await runsIn(benches))).toEqual([]);
});
