import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SiteStateDetails } from "../../timeline/site-state.ts";
import { Timeline } from "../../timeline/timeline.ts";
import { InstanceState } from "./instance-state.ts";
import { logLife } from "./life-log.ts";
import { PLATFORM_WORDS } from "./platform-words.ts";
import { RestartPolicy } from "./restart-policy.ts";
import { inRotation } from "./rotation.ts";
import { StartFailures } from "./start-failures.ts";

function steps(timeline: Timeline): string[] {
  return timeline.of("platform.state").map(({ state, details }) => `${state}/${details}`);
}

/** Enters each, from where the state machine begins. */
function after(...details: readonly SiteStateDetails[]): InstanceState {
  const state = new InstanceState(new Timeline());
  for (const one of details) state.enter(one);
  return state;
}

const TO_STARTED = [
  "EstablishingSiteNetworks",
  "StartingSiteContainers",
  "PullingImage",
  "MountingVolumes",
  "CreatingContainer",
  "InitiatingSiteWarmUpProbe",
  "WaitingForSiteWarmUpProbeSuccess",
  "WarmUpProbeSucceeded",
  "Started",
] as const;

function end(container: string, exitCode = 1) {
  return { container, isMain: container === "main", exitCode };
}

function workers(...health: readonly ("healthy" | "unhealthy" | "cold")[]) {
  return health.map((state, worker) => ({ worker, warm: state !== "cold", healthy: state === "healthy" }));
}

describe("the state of an instance (A3.2)", () => {
  it("goes through the platform's steps, each on the record", async () => {
    const timeline = new Timeline();
    const state = new InstanceState(timeline);
    for (const step of TO_STARTED) state.enter(step);
    await state.stop({ stopContainers: () => Promise.resolve() });
    expect(steps(timeline)).toEqual([
      ...TO_STARTED.slice(0, -1).map((step) => `Starting/${step}`),
      "Started/Started",
      "Stopping/StoppingSite",
      "Stopping/StoppingSiteContainers",
      "Stopping/UnmountingVolumes",
      "Stopping/StoppingSiteNetworks",
      "Stopped/Stopped",
    ]);
  });

  it("cancels a start from every one of its steps, and stops from there", async () => {
    for (let length = 1; length < TO_STARTED.length; length++) {
      const timeline = new Timeline();
      const state = new InstanceState(timeline);
      for (const step of TO_STARTED.slice(0, length)) state.enter(step);
      await state.stop({ stopContainers: () => Promise.resolve() });
      expect(steps(timeline).slice(length)[0]).toBe("Stopping/CancellingStartup");
      expect(state.status.state).toBe("Stopped");
    }
  });

  it("refuses a step that can't follow", () => {
    expect(() => after("EstablishingSiteNetworks").enter("Started")).toThrow(
      "Started can't follow EstablishingSiteNetworks",
    );
    expect(() => after(...TO_STARTED).enter("CancellingStartup")).toThrow(TypeError);
    expect(() => after().enter("Started")).toThrow(TypeError);
  });

  it("stops in order: containers, then volumes, then networks; one that is stopped has nothing to do", async () => {
    const done: string[] = [];
    const step = (name: string) => () => {
      done.push(name);
      return Promise.resolve();
    };
    const all = {
      stopContainers: step("containers"),
      unmountVolumes: step("volumes"),
      leaveNetworks: step("networks"),
    };
    const state = after(...TO_STARTED);
    await state.stop(all);
    await state.stop(all);
    expect(done).toEqual(["containers", "volumes", "networks"]);
  });

  it("keeps the last error after recovery, with its time and details", () => {
    const failed = after("EstablishingSiteNetworks");
    failed.failed("ContainerTimeout", "no answer");
    const timeline = new Timeline();
    const next = new InstanceState(timeline, failed.status);
    for (const one of TO_STARTED) next.enter(one);
    expect(next.status).toMatchObject({
      state: "Started",
      lastError: "ContainerTimeout",
      lastErrorDetails: "no answer",
    });
    expect(Date.parse(next.status.lastErrorTimestamp ?? "")).not.toBeNaN();
    expect(timeline.of("platform.state").at(-1)).toMatchObject({ lastError: "ContainerTimeout" });
    expect(after().status).toMatchObject({
      lastError: null,
      lastErrorTimestamp: null,
      lastErrorDetails: null,
    });
  });
});

describe("failed starts in a row (A3.5)", () => {
  it("block at the limit, which begins anew after it and after a success", () => {
    const failures = new StartFailures({ startFailuresUntilBlocked: 3 });
    const seen = [failures.failed(), failures.failed(), failures.failed(), failures.failed()];
    failures.succeeded();
    seen.push(failures.failed(), failures.failed(), failures.failed());
    expect(seen).toEqual(["retry", "retry", "block", "retry", "retry", "retry", "block"]);
  });
});

describe("a container that ends by itself after the start", () => {
  const settings = { onContainerExitAfterStart: "restart", sidecarRestarts: 3 } as const;
  it("restarts the site if it is main (A3.7)", () => {
    expect(new RestartPolicy(settings).onEnd(end("main"))).toEqual({
      kind: "restart-site",
      reason: "main container main exited with 1",
    });
  });

  it("is started again if it is a sidecar, three times, then the site is; each sidecar counts for itself (A3.6)", () => {
    const policy = new RestartPolicy(settings);
    const kinds = ["dapr", "dapr", "cache", "dapr", "dapr"].map((name) => policy.onEnd(end(name, 0)).kind);
    expect(kinds).toEqual(["start-again", "start-again", "start-again", "start-again", "restart-site"]);
  });

  it("is left alone if the caller says so", () => {
    const policy = new RestartPolicy({ ...settings, onContainerExitAfterStart: "leave" });
    expect([policy.onEnd(end("main")), policy.onEnd(end("dapr"))]).toEqual([
      { kind: "leave" },
      { kind: "leave" },
    ]);
  });
});

describe("the rotation (A2.8)", () => {
  it.each([
    ["a single instance is never taken out", ["unhealthy"], [0]],
    ["a healthy pair", ["healthy", "healthy"], [0, 1]],
    ["one of two", ["unhealthy", "healthy"], [1]],
    ["at most half of them", ["unhealthy", "unhealthy", "healthy"], [1, 2]],
    ["all unhealthy: half serve", ["unhealthy", "unhealthy", "unhealthy", "unhealthy"], [2, 3]],
    ["a cold one has nothing to serve with", ["cold", "healthy"], [1]],
    ["none is warm", ["cold"], []],
  ] as const)("%s", (_, health, expected) => {
    expect(inRotation(workers(...health), 50)).toEqual(expected);
  });

  it("never excludes more than the share, and only unhealthy ones", () => {
    const state = fc.constantFrom("healthy" as const, "unhealthy" as const, "cold" as const);
    fc.assert(
      fc.property(
        fc.array(state, { minLength: 2, maxLength: 20 }),
        fc.integer({ min: 1, max: 100 }),
        (all, share) => {
          const candidates = workers(...all);
          const inside = new Set(inRotation(candidates, share));
          const excluded = candidates.filter(({ worker, warm }) => warm && !inside.has(worker));
          expect(excluded.length).toBeLessThanOrEqual((candidates.length * share) / 100);
          expect(excluded.every(({ healthy }) => !healthy)).toBe(true);
        },
      ),
    );
  });
});

describe("the platform's log (A3.3, A3.4)", () => {
  it("tells a container's life in App Service's words, and nothing of what is not the site's", () => {
    const timeline = new Timeline();
    const endLog = logLife({
      timeline,
      site: "shop",
      images: new Map([["main", "registry.example/main:1"]]),
    });
    const id = "0123456789abcdef";
    timeline.record({ type: "container.created", container: "main", id, imageId: "" });
    timeline.record({ type: "container.started", container: "platform" });
    timeline.record({ type: "container.started", container: "main" });
    timeline.record({
      type: "container.exited",
      container: "main",
      exitCode: 3,
      outOfMemory: false,
      asked: false,
    });
    endLog();
    timeline.record({ type: "container.started", container: "main" });
    expect(timeline.of("platform.log").map(({ line, container }) => [container, line])).toEqual([
      ["main", "Container start method called."],
      ["main", "Container is starting."],
      ["main", "Creating container with image: registry.example/main:1"],
      ["main", "Starting container: 0123456789ab_shop."],
      ["main", "Container is running."],
      ["main", "Container has finished running with exit code: 3."],
    ]);
  });

  it("writes times as the platform does", () => {
    expect(PLATFORM_WORDS.probeSucceeded(8.7312)).toBe("Site startup probe succeeded after 8.73 seconds.");
    expect(PLATFORM_WORDS.probeFailed(49.6)).toBe("Site startup probe failed after 49.6 seconds.");
  });
});
