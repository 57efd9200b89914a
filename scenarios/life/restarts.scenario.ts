import { expect } from "vitest";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { withProperties } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { ANSWERING_MAIN, askMain, IDLE, IDLE_PORT, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

/** A sidecar that ends with 0 as soon as somebody asks it anything: not before the site has started. */
const ENDS_WHEN_ASKED = `
import { createServer } from "node:http";
process.on("SIGTERM", () => process.exit(0));
createServer(() => process.exit(0)).listen(${IDLE_PORT});
`;

test.concurrent(
  "a sidecar that exits after the start is started again three times, then the whole site is (A3.6)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(
      definition,
      { main: ANSWERING_MAIN, sidecar: ENDS_WHEN_ASKED },
      { observedPorts: [IDLE_PORT] },
    );
    const site = await startSite(options, small);
    for (const life of [1, 2, 3, 4]) {
      await untilEvent(site, "port.opened", {
        withinMs: 30_000,
        nth: life,
        matches: ({ port }) => port === IDLE_PORT,
      });
      await fetch(`http://127.0.0.1:${site.publishedPort(IDLE_PORT)}/`).catch(() => undefined);
    }
    const restart = await untilEvent(site, "phase", {
      withinMs: 60_000,
      matches: ({ name }) => name === "restart",
    });
    expect(restart).toMatchObject({
      instance: "0-1",
      detail: "sidecar sidecar exited with 0 after 3 restarts",
    });
    const lives = (container: string) =>
      site.timeline
        .of("container.started")
        .filter((event) => event.instance === "0-1" && event.container === container).length;
    expect([lives("main"), lives("sidecar")]).toEqual([1, 4]);

    await untilEvent(site, "platform.state", {
      withinMs: 60_000,
      matches: ({ instance, state }) => instance === "0-2" && state === "Started",
    });
    await expect(askMain(site.url)).resolves.toMatchObject({ path: "/" });
  },
);

test.concurrent(
  "main's end restarts the site, sidecars with it, and a request that comes meanwhile is held until it is warm (A3.7, A2.9)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN, sidecar: IDLE });
    const site = await startSite(options, small);
    await untilEvent(site, "port.opened", { withinMs: 30_000, matches: ({ port }) => port === IDLE_PORT });
    await fetch(`${site.url}/crash`).catch(() => undefined);
    await untilEvent(site, "platform.state", {
      withinMs: 30_000,
      matches: ({ instance, state }) => instance === "0-2" && state === "Starting",
    });
    await expect(askMain(site.url)).resolves.toMatchObject({ path: "/" });

    expect(site.instances.map(({ name }) => name)).toEqual(["0-2"]);
    const ended = site.timeline
      .of("container.exited")
      .filter(({ instance, container }) => instance === "0-1" && container !== "platform")
      .map(({ container, exitCode }) => `${container} ${exitCode}`);
    expect(ended).toEqual(["main 3", "sidecar 0"]);
  },
);

test.concurrent(
  "a main that does not wait is warm before daprd gives up on late storage; the platform starts daprd again until it finds it (A3.6)",
  async ({ startSite, definition }) => {
    const lazy = withProperties(definition, "main", { startUpCommand: "node /app/dist/index.js" });
    // By hand, once main is warm: daprd gives its component 5 s (daprd.md §1.3), which main's start may take.
    const site = await startSite({ until: "started", schedule: { storage: "never", dapr: "never" } }, lazy);
    await site.container("dapr").start();
    await untilEvent(site, "container.exited", {
      withinMs: 60_000,
      matches: ({ container }) => container === "dapr",
    });
    await site.container("storage").start();
    await site.untilReady();
    const dapr = site.timeline.events
      .filter((event) => event.type === "container.started" || event.type === "container.exited")
      .filter(({ container }) => container === "dapr")
      .map((event) => (event.type === "container.exited" ? `exited ${event.exitCode}` : "started"));
    expect(dapr.at(-1)).toBe("started");
    expect(dapr.filter((what) => what === "started")).toHaveLength((dapr.length + 1) / 2);
    expect(new Set(dapr)).toEqual(new Set(["started", "exited 1"]));
    await untilEvent(site, "tick", { withinMs: 60_000, matches: ({ success }) => success });
    expect(site.instances.map(({ name }) => name)).toEqual(["0-1"]);
  },
);

test.concurrent(
  "crash() is answered by the platform, kill() is left to whoever killed",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN, sidecar: IDLE });
    const site = await startSite(options, small);
    const sidecar = site.container("sidecar");
    await untilSidecarRuns(site, "0-1");
    await sidecar.crash();
    await untilEvent(site, "container.started", {
      withinMs: 30_000,
      nth: 2,
      matches: ({ container }) => container === "sidecar",
    });

    await sidecar.kill();
    await site.restart();
    expect(sidecar.exits().map(({ asked }) => asked)).toEqual([false, true]);
    const starts = site.timeline
      .of("container.started")
      .filter(({ container, instance }) => container === "sidecar" && instance === "0-1");
    expect(starts).toHaveLength(2);
  },
);

test.concurrent(
  "onContainerExitAfterStart leave: a dead sidecar stays dead and the site goes on",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN, sidecar: IDLE });
    const site = await startSite({ ...options, settings: { onContainerExitAfterStart: "leave" } }, small);
    await untilSidecarRuns(site, "0-1");
    await site.container("sidecar").crash();
    await site.restart();
    await untilSidecarRuns(site, "0-2");
    const starts = site.timeline.of("container.started").filter(({ container }) => container === "sidecar");
    expect(starts.map(({ instance }) => instance)).toEqual(["0-1", "0-2"]);
  },
);

/** Started does not wait for it. */
async function untilSidecarRuns(site: RunningSite, instance: string): Promise<void> {
  await untilEvent(site, "container.started", {
    withinMs: 30_000,
    matches: (event) => event.container === "sidecar" && event.instance === instance,
  });
}
