import { expect } from "vitest";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { inject } from "../../harness/faults/inject.ts";
import { storageHangs } from "../../harness/faults/storage-hangs.ts";
import { storageNameNotResolved } from "../../harness/faults/storage-name-not-resolved.ts";
import { storageRefused } from "../../harness/faults/storage-refused.ts";
import { storageStatus } from "../../harness/faults/storage-status.ts";
import type { FaultData } from "../../harness/schedule/step.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { everySecond } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { state } from "../support/statement.ts";

const test = siteTest("fixtures/sites/example", {
  schedule: { dapr: "never" },
  until: "scheduled",
  // daprd dies several times before it may live.
  settings: { onContainerExitDuringStart: "continue", onContainerExitAfterStart: "leave" },
});

const METRICS_PORT = 9090;
/** daprd's limit for the init of a component (daprd.md §1.3). */
const INIT_LIMIT_MS = 5_000;

/** Starts daprd under a fault. Resolves with its end, and how long its metrics were up. */
async function deathUnder(site: RunningSite, fault: FaultData) {
  const dapr = site.container("dapr");
  const [lives, printed] = [dapr.exits().length, (await dapr.logs()).length];
  await using _ = await inject(site, fault);
  await dapr.start();
  const opened = await untilEvent(site, "port.opened", {
    withinMs: 30_000,
    nth: lives + 1,
    matches: ({ port }) => port === METRICS_PORT,
  });
  const closed = await untilEvent(site, "port.closed", {
    withinMs: 30_000,
    nth: lives + 1,
    matches: ({ port }) => port === METRICS_PORT,
  });
  const exit = await untilEvent(site, "container.exited", {
    withinMs: 30_000,
    nth: lives + 1,
    matches: ({ container }) => container === "dapr",
  });
  const log = (await dapr.logs()).slice(printed);
  return { exitCode: exit.exitCode, afterMs: closed.tMs - opened.tMs, log };
}

test("daprd meets what is wrong with storage as it would on Azure, and works when it is healed", async ({
  startSite,
}) => {
  const site = await startSite({ files: await everySecond() });

  // Whatever keeps storage from answering ends daprd at its own limit, and its words do not tell one from the other.
  for (const fault of [storageRefused(), storageHangs(), storageNameNotResolved()]) {
    const death = await deathUnder(site, fault);
    expect(death).toMatchObject({ exitCode: 1 });
    expect(death.log).toContain("init timeout for component blob");
    state(`${fault.fault}: daprd ended ${(death.afterMs / 1000).toFixed(2)} s after its metrics were up`);
    expect(death.afterMs).toBeGreaterThanOrEqual(INIT_LIMIT_MS - 250);
    expect(death.afterMs).toBeLessThanOrEqual(INIT_LIMIT_MS + 500);
  }
  // A refusal by word is final: daprd does not ask again.
  const denied = await deathUnder(site, storageStatus({ status: 403 }));
  expect(denied).toMatchObject({ exitCode: 1 });
  expect(denied.log).toContain("AuthorizationPermissionMismatch");
  expect(denied.afterMs).toBeLessThan(INIT_LIMIT_MS - 1_000);
  const met = () => site.timeline.of("storage.request-failed");
  expect(met().map(({ method, what }) => `${method} ${what}`)).toEqual([
    "PUT answered 403 AuthorizationPermissionMismatch",
  ]);

  // A busy storage is asked again, and the third time is in time.
  {
    await using _ = await inject(site, storageStatus({ status: 503, first: 2 }));
    await site.container("dapr").start();
    await site.untilReady();
    expect(
      met()
        .slice(1)
        .map(({ what }) => what),
    ).toEqual(["answered 503 ServerBusy", "answered 503 ServerBusy"]);
  }
  await untilEvent(site, "blob.created", { withinMs: 20_000 });

  // In the midst of its work: daprd tries for some ten seconds, main learns it, and the next tick after the outage works.
  {
    await using _ = await inject(site, storageRefused());
    await untilEvent(site, "tick", { withinMs: 30_000, matches: ({ success }) => !success });
  }
  const healedAtMs = site.timeline.now();
  await untilEvent(site, "blob.created", { withinMs: 30_000, matches: ({ tMs }) => tMs > healedAtMs });
  expect(site.container("dapr").state).toBe("running");
});
