import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { stopsGracefully } from "../../harness/contracts/stops-gracefully.ts";
import { openLaboratory } from "../../harness/lab/trials/open-laboratory.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";

/** Its handler works for 450 ms of each second, then writes: a SIGTERM meanwhile loses the write, and only then. */
const test = siteTest("scenarios/known-bugs/sites/write-lost-on-sigterm");

const STARTS: Schedule["starts"] = [
  { container: "storage", atMs: 0 },
  { container: "dapr", atMs: 0 },
  { container: "main", atMs: 0 },
];
const TIMES = 4;

/** 1.3 s after a tick was posted: the next one is at work for 0.3 s by then, and has 0.15 s more. */
const IN_A_TICK: Schedule = {
  starts: STARTS,
  steps: [{ when: { after: { seen: "tick", ready: true }, plusMs: 850 }, do: "stop-site" }],
};

test.for<[string, Schedule, "held" | "broken"]>([
  ["a trial whose schedule says nothing of a stop is stopped between two ticks", { starts: STARTS }, "held"],
  ["a stop that is aimed at a tick at work meets it each time", IN_A_TICK, "broken"],
])("%s", async ([, schedule, verdict], { definition, host }) => {
  const runsDirectory = await mkdtemp(path.join(tmpdir(), "sitecar-lab-"));
  try {
    await using laboratory = await openLaboratory(definition, {
      host,
      contracts: [stopsGracefully],
      runsDirectory,
      mostAtOnce: 2,
      latenessBoundMs: 60_000,
    });
    const outcomes = await Promise.all(Array.from({ length: TIMES }, () => laboratory.run(schedule)));
    const seen = outcomes.map((one) => [one.verdict, one.judgements.flatMap(({ evidence }) => evidence)]);
    expect(seen).toEqual(seen.map(([, evidence]) => [verdict, evidence]));
  } finally {
    await rm(runsDirectory, { recursive: true, force: true });
  }
});
