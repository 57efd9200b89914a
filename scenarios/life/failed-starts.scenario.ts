import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { leftoversOf } from "../support/leftovers.ts";
import { untilEvent } from "../support/observations.ts";
import { endsAfter, IDLE, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

test.concurrent(
  "a sidecar that ends during the start cancels it in the platform's words; the status says why (A3.2, A3.3, A7.5)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: IDLE, sidecar: endsAfter(300, 3) });
    const site = await startSite({ ...options, until: "scheduled" }, small);
    await expect(site.untilStarted()).rejects.toMatchObject({ code: "CONTAINER_EXITED_DURING_START" });

    const lines = site.timeline.of("platform.log").map(({ line }) => line);
    expect(lines.slice(lines.indexOf("Container has finished running with exit code: 3."))).toEqual([
      "Container has finished running with exit code: 3.",
      "Container is terminating. Grace period: 5 seconds.",
      "Site container: sidecar terminated during site startup.",
      expect.stringMatching(/^Site startup probe failed after \d+(\.\d+)? seconds\.$/),
      "Failed to start site. Revert by stopping site.",
    ]);
    expect(site.status()).toMatchObject([
      {
        instance: "0-1",
        state: "Stopping",
        details: "CancellingStartup",
        lastError: "ContainerStartupFailure",
        lastErrorDetails: "Container sidecar exited with 3.",
        inRotation: false,
      },
    ]);
    // Held as it is: main still runs, for whoever wants to look.
    expect(site.container("main").state).toBe("running");
  },
);

test.concurrent(
  "with onStartFailure retry it is tried again, Blocked after three failures, unblocked after two of the platform's minutes (A2.6, A3.5)",
  async ({ startSite, definition, host }) => {
    const { definition: small, options } = smallSite(definition, {
      main: IDLE,
      sidecar: endsAfter(100, 1),
    });
    // Two of the platform's minutes are twelve seconds: what is asked when it is Blocked comes while it is.
    const platformClock = 10;
    const site = await startSite(
      {
        ...options,
        until: "scheduled",
        // A minute for each start, so that it fails for what the sidecar does and not for a busy machine.
        settings: { onStartFailure: "retry", platformClock, startTimeLimitSeconds: 60 * platformClock },
      },
      small,
    );
    const blocked = await untilEvent(site, "platform.state", {
      withinMs: 90_000,
      matches: ({ state }) => state === "Blocked",
    });
    expect(blocked).toMatchObject({ instance: "0-3", lastError: "ContainerStartupFailure" });
    const answer = await fetch(site.url);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("Blocked");

    const next = await untilEvent(site, "platform.state", {
      withinMs: 60_000,
      matches: ({ instance, details }) => instance === "0-4" && details === "EstablishingSiteNetworks",
    });
    expect(next.tMs - blocked.tMs).toBeGreaterThanOrEqual((120 * 1000) / platformClock);
    const starts = site.timeline
      .of("platform.state")
      .filter(({ details }) => details === "EstablishingSiteNetworks")
      .map(({ instance }) => instance);
    expect(starts).toEqual(["0-1", "0-2", "0-3", "0-4"]);
    // Each failed instance is removed before the next one is made.
    const left = await leftoversOf(host.engine, [site.runId]);
    expect(left.filter(({ name }) => /-0-[123]-/.test(name))).toEqual([]);

    // In the middle of making an instance, too, the end of a run leaves nothing.
    await site[Symbol.asyncDispose]();
    expect(await leftoversOf(host.engine, [site.runId])).toEqual([]);
  },
);

test.concurrent(
  "a main that never answers fails at the start limit, scaled by the platform's clock; stopped while Blocked, it is Stopped (A2.6)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: IDLE });
    const platformClock = 100;
    const site = await startSite(
      {
        ...options,
        until: "scheduled",
        // Blocked until long after the stop has come.
        settings: { onStartFailure: "retry", platformClock, blockedSeconds: 60 * platformClock },
      },
      small,
    );
    const failed = await untilEvent(site, "platform.state", {
      withinMs: 30_000,
      matches: ({ lastError }) => lastError === "ContainerTimeout",
    });
    const [began] = site.timeline.of("schedule.began");
    if (began === undefined) throw new Error("no schedule began");
    expect(failed.tMs - began.tMs).toBeGreaterThanOrEqual((230 * 1000) / platformClock);

    await untilEvent(site, "platform.state", {
      withinMs: 90_000,
      matches: ({ state }) => state === "Blocked",
    });
    await site.stop();
    expect(site.status()).toMatchObject([{ state: "Stopped", lastError: "ContainerTimeout" }]);
    expect((await fetch(site.url)).status).toBe(503);
  },
);
