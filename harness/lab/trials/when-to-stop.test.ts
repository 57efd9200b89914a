import { describe, expect, it } from "vitest";
import { readComponentFile, type ComponentFile } from "../../dapr/component-files.ts";
import { DaprMetrics } from "../../dapr/dapr-metrics.ts";
import { judgeReadiness } from "../../dapr/readiness.ts";
import type { Happening, TimelineEvent } from "../../timeline/events.ts";
import { CONSEQUENCES_MS, whenToStop, type TrialView, type WatchedSidecar } from "./when-to-stop.ts";

const fileWith = (schedule: string): ComponentFile =>
  readComponentFile(
    "/components/batch.yaml",
    Buffer.from(`
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: { name: batch }
spec:
  type: bindings.cron
  metadata: [{ name: schedule, value: "${schedule}" }, { name: direction, value: input }]
`),
  );
const FILE = fileWith("@every 1s");
const MAIN = "main";
const LIMITS = { ticks: 2, settleMs: 40_000 };

type Timed = readonly [tMs: number, happening: Happening];

/** A trial of one instance, whose schedule was done at 1000. */
function view(nowMs: number, timed: readonly Timed[], more: Partial<TrialView> = {}): TrialView {
  return {
    nowMs,
    originWallMs: Date.UTC(2026, 0, 1),
    events: timed.map(([tMs, happening], seq): TimelineEvent => ({
      seq,
      tMs,
      wall: new Date(Date.UTC(2026, 0, 1) + tMs).toISOString(),
      instance: "0-1",
      ...happening,
    })),
    instances: ["0-1"],
    mainContainer: MAIN,
    sidecars: [],
    scheduleDoneMs: 1_000,
    lastPlannedMs: 1_000,
    cues: [],
    limits: LIMITS,
    ...more,
  };
}

const state = (details: "Started" | "CancellingStartup" | "Stopped"): Happening => ({
  type: "platform.state",
  state: details === "Started" ? "Started" : "Stopping",
  details,
});
const startOf = (container: string): Happening => ({ type: "container.started", container });
const endOf = (container: string): Happening => ({
  type: "container.exited",
  container,
  exitCode: 1,
  outOfMemory: false,
  asked: false,
});
const tick = (success = true): Happening => ({
  type: "tick",
  container: "dapr",
  component: "batch",
  count: 1,
  success,
  latencyMs: 5,
});
const healthy: Happening = {
  type: "probe.changed",
  probe: "healthz",
  container: "dapr",
  status: 204,
  detail: "",
};

/** daprd as it was seen at a time: ready, or with the app not found. */
function sidecar(tMs: number, { found = true, loaded = true, file = FILE } = {}): WatchedSidecar {
  const calls = {
    name: "dapr_http_client_sent_bytes_count",
    labels: { method: "GET", path: "/dapr/config" },
  };
  const snapshot = {
    health: found ? 204 : 500,
    metadata: {
      id: "main",
      components: loaded
        ? [{ name: "batch", type: "bindings.cron", version: "v1", capabilities: ["INPUT_BINDING"] }]
        : [],
      appConnectionProperties: { port: 80, protocol: "http", channelAddress: "127.0.0.1" },
    },
    metrics: new DaprMetrics(found ? [{ ...calls, value: 1 }] : []),
  };
  const look = { tMs, snapshot, readiness: judgeReadiness([file], snapshot) };
  return { instance: "0-1", container: "dapr", files: [file], look };
}

function stopOf(one: TrialView): string | undefined {
  const decision = whenToStop(one);
  return "stop" in decision ? decision.stop : undefined;
}

/** The first time at which it stops, and why, if nothing more happens. */
function stopsAt(one: TrialView): readonly [number, string] {
  for (let nowMs = one.nowMs; ;) {
    const decision = whenToStop({ ...one, nowMs });
    if ("stop" in decision) return [nowMs, decision.stop];
    if (decision.againMs <= nowMs)
      throw new Error(`decides again at ${decision.againMs}, not after ${nowMs}`);
    nowMs = decision.againMs;
  }
}

describe("a site without Dapr", () => {
  it("is looked at for a while after it is ready, whatever came first", () => {
    expect(stopsAt(view(1_000, [[900, state("Started")]]))[0]).toBe(1_000 + CONSEQUENCES_MS);
    expect(stopsAt(view(3_000, [[3_000, state("Started")]]))[0]).toBe(3_000 + CONSEQUENCES_MS);
  });

  it("that does not start is given up when the settle time has run out", () => {
    expect(stopsAt(view(1_000, []))).toEqual([41_000, "the settle time ran out"]);
  });

  it("whose start was cancelled can't get better; what follows is still awaited", () => {
    expect(stopsAt(view(5_000, [[4_000, state("CancellingStartup")]]))).toEqual([
      4_000 + CONSEQUENCES_MS,
      "the start was cancelled",
    ]);
  });

  it("is over when the schedule stopped it", () => {
    expect(stopOf(view(2_000, [[1_500, state("Stopped")]]))).toBe("the schedule has stopped the site");
  });
});

describe("a schedule that is not done", () => {
  const readyCue = [{ seen: "site-ready" }] as const;
  const waiting = (events: readonly Timed[], more: Partial<TrialView> = {}): TrialView => {
    const { scheduleDoneMs: _, ...rest } = view(2_000, events, { cues: readyCue, ...more });
    return rest;
  };
  const never = "what the schedule waits for can't happen any more";

  it("is not awaited where it waits for a ready site, and the site has lost a part before it was", () => {
    const events: Timed[] = [[2_000, endOf("dapr")]];
    expect(stopsAt(waiting(events, { sidecars: [sidecar(1_500)] }))).toEqual([
      2_000 + CONSEQUENCES_MS,
      never,
    ]);
  });

  it("is not awaited where it waits for a tick of a ready site, whatever ticked before", () => {
    const cues = [{ seen: "tick", ready: true }] as const;
    const ticked = {
      type: "tick",
      container: "dapr",
      component: "b",
      count: 1,
      success: true,
      latencyMs: 1,
    } as const;
    const events: Timed[] = [
      [1_700, ticked],
      [2_000, endOf("dapr")],
    ];
    expect(stopsAt(waiting(events, { sidecars: [sidecar(1_500)], cues }))[1]).toBe(never);
    expect(stopsAt(waiting(events, { sidecars: [sidecar(1_500)], cues: [{ seen: "tick" }] }))[1]).not.toBe(
      never,
    );
  });

  it("is awaited where the part was lost after the site was ready, or where it waits for something else", () => {
    const sidecars = [sidecar(1_500)];
    const ready: Timed = [1_600, { type: "phase", name: "site ready" }];
    const events: Timed[] = [ready, [2_000, endOf("dapr")]];
    const awaited = "what the schedule waits for did not happen";
    expect(stopsAt(waiting(events, { sidecars }))[1]).toBe(awaited);
    const cues = [...readyCue, { seen: "container-exited", container: "dapr" }] as const;
    expect(stopsAt(waiting([[2_000, endOf("dapr")]], { sidecars, cues }))[1]).toBe(awaited);
  });

  it("is awaited, whatever has ended meanwhile", () => {
    const { scheduleDoneMs: _, ...going } = view(9_000, [[2_000, endOf("dapr")]], { lastPlannedMs: 12_000 });
    expect(stopsAt(going)).toEqual([52_000, "what the schedule waits for did not happen"]);
  });
});

describe("a part that has ended", () => {
  const started: Timed = [1_500, state("Started")];

  it("ends the trial, if it is main or a daprd", () => {
    const main = view(2_000, [started, [2_000, endOf(MAIN)]]);
    expect(stopsAt(main)).toEqual([2_000 + CONSEQUENCES_MS, 'container "main" has ended']);
    const dapr = view(2_000, [started, [2_000, endOf("dapr")]], { sidecars: [sidecar(1_600)] });
    expect(stopsAt(dapr)).toEqual([2_000 + CONSEQUENCES_MS, 'container "dapr" has ended']);
  });

  it("does not, if it was started again", () => {
    const events: Timed[] = [started, [1_600, endOf("dapr")], [1_700, startOf("dapr")]];
    expect(stopsAt(view(2_000, events, { sidecars: [sidecar(1_650)] }))[0]).toBe(41_000);
  });

  it("does not, if the site goes on without it", () => {
    const events: Timed[] = [started, [2_000, endOf("init")]];
    expect(stopsAt(view(2_000, events))[1]).toBe("the site is ready, and nothing ticks");
  });
});

describe("a site with a cron binding", () => {
  const started: Timed = [1_500, state("Started")];

  it("is looked at until its ticks came, failed ones too, counted from when it was ready", () => {
    const sidecars = [sidecar(2_000)];
    const one: Timed[] = [started, [1_900, tick()], [2_900, tick()]];
    expect(stopOf(view(3_000, one, { sidecars }))).toBeUndefined();
    const two: Timed[] = [...one, [3_900, tick(false)]];
    expect(stopsAt(view(3_900, two, { sidecars }))).toEqual([
      4_150,
      "the site is ready, and has had its ticks",
    ]);
  });

  it("whose ticks do not come is given up a little after they were due", () => {
    const [atMs, why] = stopsAt(view(2_000, [started], { sidecars: [sidecar(2_000)] }));
    expect(why).toBe('ticks of "batch" did not come');
    expect(atMs).toBeGreaterThan(4_000 + 3_000);
    expect(atMs).toBeLessThan(4_000 + 10_000);
  });

  it("awaits no tick that is not due while anything is awaited", () => {
    const sidecars = [sidecar(2_000, { file: fileWith("@every 1h") })];
    expect(stopsAt(view(2_000, [started], { sidecars }))).toEqual([
      2_250,
      "the site is ready, and no tick is due soon",
    ]);
  });

  it("waits for ticks after the last fault was healed, not for those before", () => {
    const healed: Happening = { type: "fault.healed", id: 1, fault: { fault: "x" }, what: "x" };
    const events: Timed[] = [started, [2_500, tick()], [3_500, tick()], [3_600, healed]];
    const sidecars = [sidecar(2_000)];
    expect(stopOf(view(4_000, events, { sidecars }))).toBeUndefined();
    const after: Timed[] = [...events, [4_500, tick()], [5_500, tick()]];
    expect(stopsAt(view(5_500, after, { sidecars }))[0]).toBe(5_750);
  });

  it("awaits no tick of a component that was not loaded", () => {
    const sidecars = [sidecar(2_000, { loaded: false })];
    expect(stopsAt(view(2_000, [started], { sidecars }))).toEqual([
      2_000 + CONSEQUENCES_MS,
      "the site is ready, and nothing ticks",
    ]);
  });

  it("asks a daprd that says it is healthy, now and then, until it has shown what it reads", () => {
    const sidecars = [sidecar(2_000, { found: false })];
    const lookAt = (nowMs: number, events: readonly Timed[], of = sidecars): number => {
      const decision = whenToStop(view(nowMs, events, { sidecars: of }));
      return "lookAt" in decision ? decision.lookAt.length : -1;
    };
    expect(lookAt(2_600, [started])).toBe(0);
    expect(lookAt(2_100, [started, [1_900, healthy]])).toBe(0);
    expect(lookAt(2_600, [started, [1_900, healthy]])).toBe(1);
    expect(lookAt(2_600, [started, [1_900, healthy]], [sidecar(2_000)])).toBe(0);
    // A look at a daprd before its restart says nothing of it.
    expect(lookAt(2_600, [started, [2_050, startOf("dapr")], [2_100, healthy]], [sidecar(2_000)])).toBe(1);
  });
});
