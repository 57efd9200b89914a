import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { withProperties } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { ANSWERING_MAIN, askMain, endsAfter, IDLE, IDLE_PORT, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

test.concurrent(
  "a sidecar that exits after the start is started again three times, then the whole site is (A3.6)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, {
      main: ANSWERING_MAIN,
      sidecar: endsAfter(2_500, 0),
    });
    const site = await startSite(options, small);
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
    const site = await startSite({ until: "started", schedule: { storage: "never" } }, lazy);
    // daprd gives its component 5 s (daprd.md §1.3), and main's warm-up does not wait for it.
    await untilEvent(site, "container.exited", {
      withinMs: 30_000,
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
    await untilEvent(site, "tick", { withinMs: 15_000, matches: ({ success }) => success });
    expect(site.instances.map(({ name }) => name)).toEqual(["0-1"]);
  },
);

test.concurrent(
  "crash() is answered by the platform, kill() is left to whoever killed",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN, sidecar: IDLE });
    const site = await startSite(options, small);
    const sidecar = site.container("sidecar");
    await sidecar.crash();
    await untilEvent(site, "container.started", {
      withinMs: 10_000,
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
    await site.container("sidecar").crash();
    await site.restart();
    const starts = site.timeline.of("container.started").filter(({ container }) => container === "sidecar");
    expect(starts.map(({ instance }) => instance)).toEqual(["0-1", "0-2"]);
  },
);
