import { expect } from "vitest";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { inject } from "../../harness/faults/inject.ts";
import { storageHangs } from "../../harness/faults/storage-hangs.ts";
import { storageNameNotResolved } from "../../harness/faults/storage-name-not-resolved.ts";
import { storageRefused } from "../../harness/faults/storage-refused.ts";
import { storageStatus } from "../../harness/faults/storage-status.ts";
import type { FaultData } from "../../harness/schedule/step.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { daprdSaidAtMs, FATAL, METRICS_UP } from "../support/daprd-log.ts";
import { everySecond } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { state } from "../support/statement.ts";

const test = siteTest("fixtures/sites/example", {
  schedule: { dapr: "never" },
  until: "scheduled",
  // daprd dies several times before it may live.
  settings: { onContainerExitDuringStart: "continue", onContainerExitAfterStart: "leave" },
});

/** daprd's limit for the init of a component (daprd.md §1.3). */
const INIT_LIMIT_MS = 5_000;

/** Starts daprd under a fault. Resolves with its end, and how long its metrics were up, by its own clock. */
async function deathUnder(site: RunningSite, fault: FaultData) {
  const dapr = site.container("dapr");
  const [lives, printed] = [dapr.exits().length, (await dapr.logs()).length];
  await using _ = await inject(site, fault);
  await dapr.start();
  const exit = await untilEvent(site, "container.exited", {
    withinMs: 60_000,
    nth: lives + 1,
    matches: ({ container }) => container === "dapr",
  });
  const log = (await dapr.logs()).slice(printed);
  const afterMs = daprdSaidAtMs(log, FATAL) - daprdSaidAtMs(log, METRICS_UP);
  return { exitCode: exit.exitCode, afterMs, log };
}

/** It lives six times, and each of its ends takes seconds. */
const TEST_MS = 300_000;

test(
  "daprd meets what is wrong with storage as it would on Azure, and works when it is healed",
  { timeout: TEST_MS },
  async ({ startSite }) => {
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
    // Told by the agent, and the end by the engine: neither waits for the other.
    await untilEvent(site, "storage.request-failed", { withinMs: 30_000 });
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
    await untilEvent(site, "blob.created", { withinMs: 60_000 });

    // In the midst of its work: daprd tries for some ten seconds, main learns it, and the next tick after the outage works.
    {
      await using _ = await inject(site, storageRefused());
      await untilEvent(site, "tick", { withinMs: 60_000, matches: ({ success }) => !success });
    }
    const healedAtMs = site.timeline.now();
    await untilEvent(site, "blob.created", { withinMs: 60_000, matches: ({ tMs }) => tMs > healedAtMs });
    expect(site.container("dapr").state).toBe("running");
  },
);
