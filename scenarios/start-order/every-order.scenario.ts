import { afterAll, expect } from "vitest";
import { formatTable } from "../../harness/cli/table.ts";
import type { SiteDefinition } from "../../harness/definition/site-definition.ts";
import { SitecarError } from "../../harness/errors/index.ts";
import { Deadline } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { daprdSaidAtMs, FATAL, METRICS_UP } from "../support/daprd-log.ts";
import { everySecond, withAppSettings, withProperties } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { state } from "../support/statement.ts";
import { Lanes } from "../support/lanes.ts";
import { cells, type Cell, type Moment, type Variant } from "./cells.ts";
import { hasHad, momentsOf } from "./moments.ts";
import { CLIENT_WAITS, lineOf, scheduleOf, SEEN_WITHIN_MS, startByHand } from "./starts.ts";

const test = siteTest("fixtures/sites/example");

/** More at once only make each other slower: what a start costs is the processor's time. */
const lanes = new Lanes(3);

const BATCH = /^batch_\d{13}\.txt$/;

const rows: (readonly string[])[] = [];
afterAll(() => {
  const heading = ["order", "main", "site", "what happened (s after the schedule began)"];
  state(`start orders\n${formatTable([heading, ...rows.toSorted(byText)])}`);
});

test.concurrent.for(cells)(
  "$variant: $order",
  { timeout: 300_000 },
  async (cell, { startSite, definition }) => {
    using _ = await lanes.enter();
    const site = await startSite(
      {
        schedule: scheduleOf(cell.starts),
        until: "scheduled",
        // A tick soon after the site is ready, instead of up to 10 s later.
        files: await everySecond(),
        settings: {
          // Less than a test may take, so that a main that never answers is told by the site's own error.
          startTimeLimitSeconds: 120,
          // What the site does by itself; that the platform starts a dead sidecar again is shown in scenarios/life.
          onContainerExitAfterStart: "leave",
        },
      },
      variantOf(definition, cell.variant),
    );
    await startByHand(site, cell);
    if (cell.outcome.site === "works") await expectItWorks(site, cell);
    if (cell.outcome.site === "cancelled") await expectCancelled(site, cell.outcome.by);
    if (cell.outcome.site === "started, no Dapr") await expectStartedWithoutDapr(site);

    await untilTold(site, cell.moments);
    const moments = momentsOf(site);
    rows.push([cell.order, cell.variant, cell.outcome.site, describeMoments(site, moments)]);
    // See `cancelledWithMain`.
    if (mayEndWithDapr(cell)) moments.delete("main exits");
    expect([...moments.keys()]).toEqual(cell.moments);
    expectOrder(site, Object.keys(cell.starts));
    if (moments.has("dapr exits")) await expectInitLimit(site);
    if (moments.has("main exits")) expectClientGaveUp(site);
  },
);

function variantOf(definition: SiteDefinition, variant: Variant): SiteDefinition {
  if (variant === "waits") return definition;
  const lazy = withProperties(definition, "main", { startUpCommand: "node /app/dist/index.js" });
  return variant === "lazy" ? lazy : withAppSettings(lazy, { SEND_ON_START: "true" });
}

/** Engine and agent tell of what happened in their own time, and neither waits for the other. */
async function untilTold(site: RunningSite, expected: readonly Moment[]): Promise<void> {
  await site.timeline.waitFor(() => (hasHad(site, expected) ? true : undefined), {
    deadline: Deadline.in(SEEN_WITHIN_MS),
    description: expected.join(", "),
    signal: site.signal,
  });
}

async function expectItWorks(site: RunningSite, { variant }: Cell): Promise<void> {
  await site.untilReady();
  await untilEvent(site, "tick", { withinMs: SEEN_WITHIN_MS, matches: ({ success }) => success });
  await untilEvent(site, "blob.created", {
    withinMs: SEEN_WITHIN_MS,
    matches: ({ blob }) => BATCH.test(blob),
  });
  const others = site.timeline.of("blob.created").filter(({ blob }) => !BATCH.test(blob));
  const kinds = others.map(({ blob }) => blob.replace(/\d{13}/, "<ms>"));
  expect(kinds).toEqual(variant === "eager" ? ["start_<ms>.txt"] : []);
}

async function expectCancelled(site: RunningSite, by: readonly ("dapr" | "main")[]): Promise<void> {
  const error = await failureOf(site.untilStarted());
  expect(error.code).toBe("CONTAINER_EXITED_DURING_START");
  // Where either may be the first, what is to be seen of the others is still under way.
  for (const container of by)
    if (container === "dapr") await site.container(container).ended(SEEN_WITHIN_MS, site.signal);
  const [first] = site.timeline.of("container.exited");
  expect(by).toContain(first?.container);
  expect(error.message).toContain(`container "${first?.container}" ended with exit code 1`);
  // That the error says why is part of the promise: nobody should have to read the containers' logs for it.
  if (by.length > 1) return;
  expect(error.message).toMatch(
    by.includes("dapr")
      ? /dapr \| fatal: .*init timeout for component blob/s
      : /main \| .*DAPR_SIDECAR_COULD_NOT_BE_STARTED/,
  );
}

function mayEndWithDapr({ outcome }: Cell): boolean {
  return outcome.site === "cancelled" && outcome.by.length > 1;
}

async function expectStartedWithoutDapr(site: RunningSite): Promise<void> {
  await site.untilStarted();
  expect(await site.container("dapr").ended(SEEN_WITHIN_MS, site.signal)).toMatchObject({
    exitCode: 1,
    asked: false,
  });
  // Storage comes, and nothing gets better: daprd is gone, and here nobody starts it again.
  const storage = await site.blobs();
  const error = await failureOf(site.untilReady({ withinMs: 1_000 }));
  expect(error.code).toBe("NOT_READY");
  expect(error.message).toContain("dapr exited (1)");
  expect(await storage.containers()).toEqual([]);
}

/**
 * daprd gives a component 5 s (daprd.md §1.3). Less than that after its container's start it can't have ended; more than
 * 0.5 s beyond it after its metrics were up, which they are right before (§1), it should not. How long they were up is told by
 * daprd's own clock: on a busy machine whoever looks from outside looks late.
 */
async function expectInitLimit(site: RunningSite): Promise<void> {
  const { timeline } = site;
  const log = await site.container("dapr").logs();
  const started = timeline.of("container.started").find(({ container }) => container === "dapr");
  const exit = timeline.of("container.exited").find(({ container }) => container === "dapr");
  expect(exit).toMatchObject({ exitCode: 1, asked: false });
  const limitMs = daprdSaidAtMs(log, FATAL) - daprdSaidAtMs(log, METRICS_UP);
  state(`daprd ended ${(limitMs / 1000).toFixed(2)} s after its metrics were up`);
  expect((exit?.tMs ?? 0) - (started?.tMs ?? 0)).toBeGreaterThanOrEqual(5_000);
  expect(limitMs).toBeLessThanOrEqual(5_500);
}

/**
 * The client asks 1 + 61 times with a pause of 500 ms between: 30.68 to 30.75 s in all, measured on an idle machine
 * (daprd.md §5). On a busy one each pause ends up to 40 ms late. The line is printed after the first try, with its time.
 */
function expectClientGaveUp(site: RunningSite): void {
  const { timeline } = site;
  const waiting = lineOf(site, CLIENT_WAITS);
  const exit = timeline.of("container.exited").find(({ container }) => container === "main");
  expect(exit).toMatchObject({ exitCode: 1, asked: false });
  const waitedMs = (exit?.tMs ?? 0) - timeline.at(Date.parse(waiting?.text.split(" ", 1)[0] ?? ""));
  state(`the client gave up ${(waitedMs / 1000).toFixed(2)} s after its first try`);
  expect(waitedMs).toBeGreaterThanOrEqual(61 * 500);
  expect(waitedMs).toBeLessThanOrEqual(30_750 + 61 * 40);
}

/** Whatever was started was started in this order. */
function expectOrder({ timeline }: RunningSite, order: readonly string[]): void {
  const started = timeline
    .of("container.started")
    .map(({ container }) => container)
    .filter((container) => order.includes(container));
  expect(started).toEqual(order.slice(0, started.length));
}

async function failureOf(start: Promise<void>): Promise<SitecarError> {
  const error = await start.then(
    () => expect.fail("the site started, though a container had to end first"),
    (reason: unknown) => reason,
  );
  if (error instanceof SitecarError) return error;
  throw error;
}

function describeMoments({ timeline }: RunningSite, moments: ReadonlyMap<string, number>): string {
  const beganMs = timeline.of("schedule.began")[0]?.tMs ?? 0;
  return [...moments].map(([moment, tMs]) => `${moment} ${((tMs - beganMs) / 1000).toFixed(1)}`).join(", ");
}

function byText(a: readonly string[], b: readonly string[]): number {
  return a.join(" ") < b.join(" ") ? -1 : 1;
}
