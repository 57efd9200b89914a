import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import type { Contract } from "../../harness/contracts/contract.ts";
import { openLaboratory } from "../../harness/lab/trials/open-laboratory.ts";
import { delay } from "../../harness/shared/clock.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { runsIn } from "../support/leftovers.ts";
import { ANSWERING_MAIN, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

const SCHEDULE = { starts: [{ container: "main", atMs: 0 }] };
/** Far more than this machine is ever late by itself, and far less than it is made to be, of which the harness counts two fifths. */
const BOUND_MS = 800;
const BUSY_MS = 3_500;

/** A contract that the site breaks: of a trial whose times do not count it must not be heard. */
const broken: Contract = {
  name: "never",
  promise: "nothing holds it",
  judge: () => [{ contract: "never", verdict: "broken", evidence: ["as it must"] }],
};

/** Keeps this process from doing anything, again and again, as long as `goesOn`: to the trials the machine is busy. */
async function keepBusy(goesOn: () => Promise<boolean>): Promise<void> {
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (await goesOn()) {
    Atomics.wait(never, 0, 0, BUSY_MS);
    await delay(300);
  }
}

test("a trial that is late in all its tries is unknown, whatever was seen in it", async ({
  definition,
  host,
}) => {
  const runsDirectory = await mkdtemp(path.join(tmpdir(), "sitecar-lab-"));
  const { definition: site, options } = smallSite(definition, { main: ANSWERING_MAIN });
  try {
    await using laboratory = await openLaboratory(site, {
      ...options,
      host,
      contracts: [broken],
      runsDirectory,
      latenessBoundMs: BOUND_MS,
    });
    let ended = false;
    const trial = laboratory.run(SCHEDULE).finally(() => (ended = true));
    await keepBusy(async () => !ended);
    const outcome = await trial;
    expect(outcome).toMatchObject({ verdict: "unknown", judgements: [{ verdict: "broken" }] });
    expect(outcome.reason).toMatch(/^the machine was too busy: .* ms late in the last of 4 tries$/);
    expect(outcome.latenessMs).toBeGreaterThan(BOUND_MS);
    expect(laboratory.figures()).toMatchObject({ trials: 1, repeated: 3 });
    expect(await runsIn(runsDirectory)).toHaveLength(4);
  } finally {
    await rm(runsDirectory, { recursive: true, force: true });
  }
});

test("a trial that is late once is run again, and counts", async ({ definition, host }) => {
  const runsDirectory = await mkdtemp(path.join(tmpdir(), "sitecar-lab-"));
  const { definition: site, options } = smallSite(definition, { main: ANSWERING_MAIN });
  try {
    await using laboratory = await openLaboratory(site, {
      ...options,
      host,
      contracts: [broken],
      runsDirectory,
      latenessBoundMs: BOUND_MS,
    });
    const trial = laboratory.run(SCHEDULE);
    await keepBusy(async () => (await runsIn(runsDirectory)).length < 2);
    const outcome = await trial;
    expect(outcome).toMatchObject({ verdict: "broken" });
    expect(outcome.latenessMs).toBeLessThanOrEqual(BOUND_MS);
    expect(laboratory.figures().repeated).toBeGreaterThanOrEqual(1);
  } finally {
    await rm(runsDirectory, { recursive: true, force: true });
  }
});
