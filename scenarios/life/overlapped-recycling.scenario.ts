import { expect } from "vitest";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { beforeMain } from "../support/before-main.ts";
import { untilEvent } from "../support/observations.ts";
import { ANSWERING_MAIN, askMain, endsAfter, IDLE, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

/** Asks one request after the other until `end`, and a last one after it; the settings that each answer came from. */
async function askUntil(site: RunningSite, end: AbortSignal): Promise<readonly string[]> {
  const seen: string[] = [];
  for (;;) {
    const isLast = end.aborted;
    seen.push((await askMain(site.url)).environment["VERSION"] ?? "");
    if (isLast) return seen;
  }
}

test.concurrent(
  "changed settings restart the site; the old set serves until the new one is warm, and no request is lost (A3.8)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(
      definition,
      { main: ANSWERING_MAIN, sidecar: IDLE },
      { appSettings: [{ name: "VERSION", value: "1" }] },
    );
    const site = await startSite({ ...options, schedule: beforeMain("sidecar") }, small);
    const end = new AbortController();
    const answers = askUntil(site, end.signal);
    // One that the old set is still busy with when the new one is warm: main sends it 15 s after it came.
    const slow = askMain(site.url, "/slow?ms=15000");
    slow.catch(() => undefined); // awaited below; until then its failure is nobody's
    await site.update({ appSettings: [{ name: "VERSION", value: "2" }] });
    end.abort();
    expect((await slow).environment["VERSION"]).toBe("1");

    const seen = await answers;
    expect(new Set(seen)).toEqual(new Set(["1", "2"]));
    expect(seen.toSorted()).toEqual(seen);
    // Both sets, main and sidecars, ran at the same time.
    const at = (type: "container.started" | "container.exited", instance: string, container: string) =>
      site.timeline.of(type).find((event) => event.instance === instance && event.container === container)
        ?.tMs;
    for (const container of ["main", "sidecar"]) {
      expect(at("container.started", "0-2", container)).toBeLessThan(
        at("container.exited", "0-1", container) ?? Number.NaN,
      );
    }
    expect(site.definition.appSettings).toEqual([{ name: "VERSION", value: "2" }]);
  },
);

test.concurrent(
  "with WEBSITE_DISABLE_OVERLAPPED_RECYCLING=1 the old set is gone before the new one starts (A3.8)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(
      definition,
      { main: ANSWERING_MAIN },
      { appSettings: [{ name: "WEBSITE_DISABLE_OVERLAPPED_RECYCLING", value: "1" }] },
    );
    const site = await startSite(options, small);
    await site.restart();
    const main = site.timeline.events
      .filter((event) => event.type === "container.started" || event.type === "container.exited")
      .filter(({ container }) => container === "main")
      .map(({ type, instance }) => `${instance} ${type}`);
    expect(main).toEqual(["0-1 container.started", "0-1 container.exited", "0-2 container.started"]);
  },
);

test.concurrent(
  "a change that does not start leaves the old set serving, and the status keeps the last error (A3.2)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN });
    const site = await startSite(options, small);
    const [main] = small.siteContainers;
    if (main === undefined) throw new Error("the small site has a main");
    const broken = { ...main, properties: { ...main.properties, startUpCommand: "node -e process.exit(7)" } };

    await expect(site.update({ siteContainers: [broken] })).rejects.toMatchObject({
      code: "CONTAINER_EXITED_DURING_START",
    });
    await expect(askMain(site.url)).resolves.toMatchObject({ path: "/" });
    expect(site.status()).toMatchObject([
      { instance: "0-1", state: "Started", inRotation: true, lastError: "ContainerStartupFailure" },
    ]);

    await site.update({ siteContainers: [main] });
    expect(site.status()).toMatchObject([{ instance: "0-3", state: "Started" }]);
  },
);

test.concurrent(
  "stopped, its address says so; started again, a new set serves (A7.1)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, {
      main: ANSWERING_MAIN,
      sidecar: endsAfter(3_600_000, 0),
    });
    const site = await startSite({ ...options, schedule: beforeMain("sidecar") }, small);
    const outcomes = await site.stop();
    expect(outcomes).toMatchObject([
      { container: "main", exitCode: 0, instance: "0-1" },
      { container: "sidecar", exitCode: 137, killed: true },
    ]);
    expect((await fetch(site.url)).status).toBe(503);
    await site.start();
    await expect(askMain(site.url)).resolves.toMatchObject({ path: "/" });
    const states = site.timeline.of("platform.state").map(({ state, instance }) => `${instance} ${state}`);
    expect([...new Set(states)]).toEqual([
      "0-1 Starting",
      "0-1 Started",
      "0-1 Stopping",
      "0-1 Stopped",
      "0-2 Starting",
      "0-2 Started",
    ]);
    await untilEvent(site, "rotation.changed", { withinMs: 0, nth: 3 });
  },
);
