import { expect } from "vitest";
import { BUILT_IN_CONTRACTS } from "../../harness/contracts/built-in.ts";
import { check } from "../../harness/contracts/check.ts";
import type { Judgement } from "../../harness/contracts/contract.ts";
import { readRunRecord } from "../../harness/contracts/read-run-record.ts";
import type { SiteDefinition } from "../../harness/definition/site-definition.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { everySecond, withProperties } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { state } from "../support/statement.ts";

const test = siteTest("fixtures/sites/example");

/** Two intervals as deployed, `@every 10s`, and as much again for a machine that has other work. */
const TICKS_WITHIN_MS = 60_000;

/** Far from what it takes: that a container ends by itself is what is looked at. */
const LONG_GRACE = { stopTimeLimitSeconds: 60 } as const;

test.concurrent(
  "as deployed, what is broken is that both containers ignore SIGTERM, and nothing else",
  async ({ startSite }) => {
    const site = await startSite();
    await untilEvent(site, "tick", { withinMs: TICKS_WITHIN_MS, nth: 2 });

    const judgements = check(BUILT_IN_CONTRACTS, await site.conclude());

    state(`as deployed: ${held(judgements)} hold; ${troubles(judgements).join("; ")}`);
    expect(troubles(judgements)).toEqual([
      'broken stopsGracefully("main"): container "main" killed at the end of the grace',
      'broken stopsGracefully("dapr"): container "dapr" killed at the end of the grace',
    ]);
    expect(judgements.map(({ contract }) => contract)).toEqual(
      expect.arrayContaining([
        "siteStarts",
        'componentsLoaded("blob")',
        'bindingsActive("batch")',
        'ticksDelivered("batch")',
        'ticksHaveEffect("batch")',
      ]),
    );
  },
);

test.concurrent(
  "with the corrected entrypoints everything holds, also after daprd was killed and started again",
  async ({ startSite, definition }) => {
    const site = await startSite({ settings: LONG_GRACE }, corrected(definition));
    await untilEvent(site, "tick", { withinMs: TICKS_WITHIN_MS });
    await site.container("dapr").kill();
    await site.container("dapr").start();
    const backMs = site.timeline.now();
    const isAfter = ({ tMs, success }: { readonly tMs: number; readonly success: boolean }): boolean =>
      tMs > backMs && success;
    await untilEvent(site, "tick", { withinMs: TICKS_WITHIN_MS, matches: isAfter });

    const judgements = check(BUILT_IN_CONTRACTS, await site.conclude());

    state(
      `corrected: ${held(judgements)} hold, among them ${JSON.stringify(evidenceOf(judgements, "recovers"))}`,
    );
    expect(troubles(judgements)).toEqual([]);
    expect(judgements.map(({ contract }) => contract)).toContain('recovers("batch")');
  },
);

test.concurrent(
  "storage 30 s late: daprd ends in its init, and everything else that is broken follows from that",
  async ({ startSite }) => {
    // Late by far more than daprd gives its init, so that a daprd that is started late ends all the same.
    const site = await startSite({ schedule: { storage: 30_000 }, until: "scheduled" });
    await site.container("dapr").ended(60_000);
    await expect(site.untilStarted()).rejects.toMatchObject({ code: "CONTAINER_EXITED_DURING_START" });

    const judgements = check(BUILT_IN_CONTRACTS, await site.conclude());

    state(`storage 30 s late: ${troubles(judgements).join("; ")}`);
    expect(troubles(judgements)).toEqual([
      'broken nothingExits("dapr"): container "dapr" exits (1)',
      'broken siteStarts: the start is cancelled: container "dapr" exits <= nothingExits("dapr")',
      'broken componentsLoaded("batch"): component "batch" not loaded <= nothingExits("dapr")',
      'broken componentsLoaded("blob"): component "blob" not loaded <= nothingExits("dapr")',
      'broken bindingsActive("batch"): binding "batch" never active <= nothingExits("dapr")',
      'unknown ticksDelivered("batch")',
      'unknown ticksHaveEffect("batch")',
      'broken stopsGracefully("main"): container "main" killed at the end of the grace',
    ]);
  },
);

test.concurrent(
  "a run's record is read back from its folder as it was",
  async ({ startSite, definition }) => {
    const site = await startSite({}, corrected(definition));
    const record = await site.conclude();
    await site[Symbol.asyncDispose]();

    const read = await readRunRecord(site.runDirectory);

    expect(record.lines.length).toBeGreaterThan(10);
    expect(read).toEqual(record);
  },
);

test.concurrent("a run that nobody concludes can be judged, too, but for its stop", async ({ startSite }) => {
  // Seldom, so that none is due however long the start takes.
  const { dapr = [] } = await everySecond();
  const files = dapr.map((file) => ({ ...file, content: file.content.replace("@every 1s", "@every 1h") }));
  const site = await startSite({ files: { dapr: files } });
  await site[Symbol.asyncDispose]();

  const judgements = check(BUILT_IN_CONTRACTS, await readRunRecord(site.runDirectory));

  expect(troubles(judgements)).toEqual([
    'unknown ticksDelivered("batch")',
    'unknown ticksHaveEffect("batch")',
    "unknown stopsGracefully",
  ]);
});

function corrected(definition: SiteDefinition): SiteDefinition {
  return ["main", "dapr"].reduce(
    (site, name) => withProperties(site, name, { startUpCommand: "entrypoint-corrected.sh" }),
    definition,
  );
}

function troubles(judgements: readonly Judgement[]): readonly string[] {
  return judgements
    .filter(({ verdict }) => verdict !== "held")
    .map(({ verdict, contract, symptom, because }) =>
      [
        `${verdict} ${contract}`,
        ...(symptom === undefined ? [] : [`: ${symptom}`]),
        ...(because === undefined ? [] : [` <= ${because}`]),
      ].join(""),
    );
}

function held(judgements: readonly Judgement[]): number {
  return judgements.filter(({ verdict }) => verdict === "held").length;
}

function evidenceOf(judgements: readonly Judgement[], contract: string): readonly string[] {
  return judgements.filter((one) => one.contract.startsWith(contract)).flatMap(({ evidence }) => evidence);
}
