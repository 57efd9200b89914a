import { expect } from "vitest";
import type { RunningInstance } from "../../harness/site/running-instance.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";
import { ANSWERING_MAIN, askMain, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

/** The platform's minute is 100 ms, its hour 6 s; the start still has a minute. */
const FAST = { platformClock: 600, startTimeLimitSeconds: 600 * 60 };

const CHECKED = {
  siteConfig: { healthCheckPath: "/healthz" },
  appSettings: [{ name: "WEBSITE_HEALTHCHECK_MAXPINGFAILURES", value: "2" }],
};

/** Tells one instance alone, past the front end. */
async function tell(instance: RunningInstance | undefined, path: string): Promise<void> {
  if (instance === undefined) throw new Error("there is no such instance");
  await askMain(instance.origin, path);
}

test.concurrent(
  "an instance that fails its health check gets no requests until it is well again (A2.8)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN }, CHECKED);
    // The replacement comes after the platform's hour; it is not this test's.
    const settings = { ...FAST, unhealthyReplacementSeconds: 3_600_000 };
    const site = await startSite({ ...options, instances: 2, settings }, small);
    const [first, second] = site.status().map(({ instanceId }) => instanceId);
    await tell(site.instances[0], "/sicken");
    const out = await untilEvent(site, "rotation.changed", {
      withinMs: 60_000,
      matches: ({ inRotation }) => !inRotation,
    });
    expect(out).toMatchObject({ worker: 0, reason: "unhealthy" });
    expect(site.status().map(({ inRotation }) => inRotation)).toEqual([false, true]);
    for (let asked = 0; asked < 4; asked++) {
      expect((await askMain(site.url)).environment["WEBSITE_INSTANCE_ID"]).toBe(second);
    }

    await tell(site.instances[0], "/heal");
    await untilEvent(site, "rotation.changed", { withinMs: 60_000, nth: 4 });
    const back = [await askMain(site.url), await askMain(site.url)].map(
      ({ environment }) => environment["WEBSITE_INSTANCE_ID"],
    );
    expect(back).toContain(first);
  },
);

test.concurrent(
  "a single instance is never taken out; after an hour of bad health it is replaced (A2.8)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN }, CHECKED);
    const site = await startSite({ ...options, settings: FAST }, small);
    await tell(site.instances[0], "/sicken");
    await untilEvent(site, "probe.changed", {
      withinMs: 60_000,
      matches: ({ probe, status }) => probe === "health-check" && status === 500,
    });
    const restart = await untilEvent(site, "phase", {
      withinMs: 60_000,
      matches: ({ name }) => name === "restart",
    });
    expect(restart.detail).toBe("unhealthy for 1 h");
    await untilEvent(site, "container.exited", {
      withinMs: 60_000,
      matches: ({ instance, container }) => instance === "0-1" && container === "main",
    });
    expect(site.timeline.of("rotation.changed").filter(({ inRotation }) => !inRotation)).toEqual([]);
    expect(site.instances.map(({ name }) => name)).toEqual(["0-2"]);
    await expect(askMain(site.url, "/healthz")).resolves.toMatchObject({ path: "/healthz" });
  },
);
