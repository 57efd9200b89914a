import { expect } from "vitest";
import { appAnswersSlowly } from "../../harness/faults/app-answers-slowly.ts";
import { appListensLate } from "../../harness/faults/app-listens-late.ts";
import { appNotListening } from "../../harness/faults/app-not-listening.ts";
import { appOptionsHangs } from "../../harness/faults/app-options-hangs.ts";
import { appOptionsStatus } from "../../harness/faults/app-options-status.ts";
import { appResets } from "../../harness/faults/app-resets.ts";
import { appRouteLate } from "../../harness/faults/app-route-late.ts";
import { appTickStatus } from "../../harness/faults/app-tick-status.ts";
import type { PlannedFile } from "../../harness/plan/site-plan.ts";
import type { FaultData } from "../../harness/schedule/step.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest, type SiteTestOptions } from "../../harness/vitest/site-test.ts";
import { everySecond, withoutDirection } from "../support/example-site.ts";
import { inject } from "../../harness/faults/inject.ts";
import { untilEvent } from "../support/observations.ts";
import { untilHolds } from "../support/until-holds.ts";

/** The example's daprd and storage, with the stand-in main in the app's place. */
const test = siteTest("fixtures/sites/example", {
  standIn: { container: "main", writes: { binding: "blob", client: "sdk", connects: "lazily" } },
});

/** Before the first container starts, faults are put in force by hand: daprd is started when they are. */
const BY_HAND = { until: "scheduled", schedule: { main: "never", dapr: "never" } } as const;

type StartSite = (options?: SiteTestOptions) => Promise<RunningSite>;

/** The binding without `direction`, so that daprd asks by OPTIONS. */
async function startWith(
  startSite: StartSite,
  files: Readonly<Record<string, readonly PlannedFile[]>>,
  ...faults: readonly FaultData[]
): Promise<RunningSite> {
  const site = await startSite({ ...BY_HAND, files });
  for (const fault of faults) await inject(site, fault);
  await site.container("main").start();
  await site.container("dapr").start();
  return site;
}

/** daprd has found the app and decided which bindings it reads. */
async function untilDecided(site: RunningSite): Promise<void> {
  await untilEvent(site, "probe.changed", {
    withinMs: 60_000,
    matches: ({ probe, status }) => probe === "healthz" && status === 204,
  });
}

test("the stand-in main does the app's work: each tick is answered and has its blob", async ({
  startSite,
}) => {
  // A grace that is far from what main takes: that it ends by itself is what is looked at.
  const site = await startSite({ files: await everySecond(), settings: { stopTimeLimitSeconds: 60 } });
  await untilEvent(site, "blob.created", { withinMs: 60_000, nth: 2 });
  const [counts] = await site.standIn.counts();
  expect(counts?.ticks).toBeGreaterThanOrEqual(2);
  expect(counts?.writesFailed).toBe(0);
  expect(site.plan.differences.map(({ what }) => what)).toContainEqual(
    expect.stringMatching(/replaced by sitecar's stand-in main/),
  );
  // Its entrypoint does not hear SIGTERM, and would be waited for.
  await site.container("dapr").kill();
  const outcomes = await site.stop();
  expect(outcomes.find(({ container }) => container === "main")).toMatchObject({
    exitCode: 0,
    killed: false,
  });
});

test.concurrent.for<[string, FaultData]>([
  ["hangs on OPTIONS", appOptionsHangs()],
  ["answers OPTIONS 3.5 s late", appAnswersSlowly({ delayMs: 3_500, requests: "options" })],
  ["answers OPTIONS with 404", appOptionsStatus({ status: 404 })],
  // Until it is healed, however long daprd takes to ask.
  ["has no route yet when it listens", appRouteLate({ delayMs: 60_000 })],
  ["resets OPTIONS", appResets({ requests: "options" })],
])(
  "an app that %s is never called, and stays so when it is well again (daprd.md §1.1)",
  async ([, fault], { startSite }) => {
    const site = await startSite({ ...BY_HAND, files: await withoutDirection() });
    const handle = await inject(site, fault);
    await site.container("main").start();
    await site.container("dapr").start();
    await untilDecided(site);
    await handle.heal();
    // More than two of its intervals.
    await expect(untilEvent(site, "tick", { withinMs: 2_500 })).rejects.toMatchObject({
      code: "WAIT_TIMED_OUT",
    });
    const [counts] = await site.standIn.counts();
    expect(counts?.options).toBeGreaterThanOrEqual(1);
    // Started again, daprd asks again: now it is called.
    await site.container("dapr").restart(1);
    const tick = await untilEvent(site, "tick", { withinMs: 60_000 });
    expect(tick).toMatchObject({ component: "batch", success: true });
  },
);

test.concurrent.for<[string, FaultData]>([
  ["answers OPTIONS 2 s late", appAnswersSlowly({ delayMs: 2_000, requests: "options" })],
  ["answers OPTIONS with 405", appOptionsStatus({ status: 405 })],
  ["listens 3 s late", appListensLate({ delayMs: 3_000 })],
])("an app that %s is called (daprd.md §1.1)", async ([, fault], { startSite }) => {
  const site = await startWith(startSite, await withoutDirection(), fault);
  const tick = await untilEvent(site, "tick", { withinMs: 60_000 });
  expect(tick).toMatchObject({ component: "batch", success: true });
});

test("each fault of a site that runs: ticks fail while it is on, and are delivered again when it is healed", async ({
  startSite,
}) => {
  const site = await startSite({ files: await everySecond() });
  await untilEvent(site, "tick", { withinMs: 60_000, matches: ({ success }) => success });
  for (const fault of [
    appNotListening(),
    appTickStatus({ status: 500 }),
    appResets({ requests: "ticks" }),
    appRouteLate({ delayMs: 60_000 }),
  ]) {
    const handle = await inject(site, fault);
    const { tMs: injectedMs } = site.timeline.record({ type: "phase", name: fault.fault });
    const failed = await untilEvent(site, "tick", {
      withinMs: 30_000,
      matches: ({ success, tMs }) => !success && tMs > injectedMs,
    });
    await handle.heal();
    const { tMs: healedMs } = site.timeline.record({ type: "phase", name: `${fault.fault} healed` });
    const again = await untilEvent(site, "tick", {
      withinMs: 30_000,
      matches: ({ success, tMs }) => success && tMs > healedMs,
    });
    expect(again.tMs).toBeGreaterThan(failed.tMs);
  }
});

test("a status for the first two deliveries, and a fault that outlives a crash of the app", async ({
  startSite,
}) => {
  const site = await startSite({
    ...BY_HAND,
    files: await everySecond(),
    settings: { onContainerExitAfterStart: "leave" },
  });
  await inject(site, appTickStatus({ status: 503, first: 2 }));
  await site.container("main").start();
  await site.container("dapr").start();
  await untilEvent(site, "tick", { withinMs: 60_000, nth: 3 });
  expect(
    site.timeline
      .of("tick")
      .map(({ success }) => success)
      .slice(0, 3),
  ).toEqual([false, false, true]);
  await site.container("main").kill();
  const killedMs = site.timeline.now();
  await site.container("main").start();
  const matches = ({ success, tMs }: { readonly success: boolean; readonly tMs: number }) =>
    success && tMs > killedMs;
  await untilEvent(site, "tick", { withinMs: 60_000, matches });
  // Its next process counts anew; the tick may be one from before, told of late.
  await untilHolds(async () => expect((await site.standIn.counts())[0]?.ticksDone).toBeGreaterThanOrEqual(1));
});
