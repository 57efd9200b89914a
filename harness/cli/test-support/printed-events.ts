import type { EventOf, EventType, Happening } from "../../timeline/events.ts";
import type { Exchange } from "../../timeline/exchange.ts";

const EXCHANGE: Exchange = {
  id: 1,
  connection: 1,
  stream: 1,
  protocol: "http/1.1",
  from: { container: "dapr", address: "127.0.0.1", port: 40_000 },
  to: { container: "main", address: "127.0.0.1", port: 9000 },
  times: { startMs: 1234 },
  request: { method: "POST", path: "/batch", headers: [], body: { size: 0, truncated: false } },
  end: { how: "open" },
};

const virtualTick = (more: Pick<EventOf<"virtual.tick">, "outcome" | "detail">): Happening => ({
  type: "virtual.tick",
  container: "dapr",
  component: "batch",
  due: "2026-03-29T01:00:00.000Z",
  latencyMs: 5.4,
  ...more,
});

/** What a person reads of each event; `undefined` for what only the record needs. */
export const PRINTED_EVENTS: Readonly<
  Record<EventType, readonly (readonly [Happening, string | undefined])[]>
> = {
  phase: [
    [{ type: "phase", name: "site created" }, "site created"],
    [{ type: "phase", name: "warm-up", detail: "port 9000" }, "warm-up: port 9000"],
  ],
  "schedule.began": [[{ type: "schedule.began" }, "schedule begins"]],
  "container.created": [
    [{ type: "container.created", container: "main", id: "1", imageId: "sha256:1" }, undefined],
  ],
  "container.started": [
    [
      { type: "container.started", container: "dapr", plannedMs: 12_000, latenessMs: 3 },
      "dapr started (planned for 12000 ms of the schedule)",
    ],
    [{ type: "container.started", container: "dapr" }, "dapr started"],
  ],
  "container.exited": [
    [
      { type: "container.exited", container: "dapr", exitCode: 1, outOfMemory: false, asked: false },
      "dapr exited (1)",
    ],
    [
      { type: "container.exited", container: "main", exitCode: 137, outOfMemory: true, asked: false },
      "main exited (137, out of memory)",
    ],
  ],
  "container.out-of-memory": [
    [
      { type: "container.out-of-memory", container: "main", process: "node", limit: "plan" },
      "main out of memory (the plan's): node killed",
    ],
  ],
  "schedule.step": [
    [
      {
        type: "schedule.step",
        step: { when: { atMs: 1_000 }, do: "pause", container: "dapr" },
        plannedMs: 1_000,
        latenessMs: 1,
      },
      undefined,
    ],
  ],
  "schedule.step-not-done": [
    [
      {
        type: "schedule.step-not-done",
        step: { when: { after: { seen: "tick", count: 2 } }, do: "pause", container: "dapr" },
        reason: '"dapr" is exited, not running',
      },
      'not done: dapr paused at the 2nd tick: "dapr" is exited, not running',
    ],
  ],
  "fault.injected": [
    [
      { type: "fault.injected", id: 1, fault: { fault: "storage-status" }, what: "storage answers 503" },
      "fault: storage answers 503",
    ],
  ],
  "fault.healed": [
    [
      { type: "fault.healed", id: 1, fault: { fault: "storage-status" }, what: "storage answers 503" },
      "healed: storage answers 503",
    ],
  ],
  "container.paused": [[{ type: "container.paused", container: "dapr" }, "dapr paused"]],
  "container.resumed": [[{ type: "container.resumed", container: "dapr" }, "dapr resumed"]],
  "container.signalled": [[{ type: "container.signalled", container: "dapr", signal: "SIGTERM" }, undefined]],
  "port.opened": [
    [{ type: "port.opened", port: 3500, address: "0.0.0.0", container: "dapr" }, "port 3500 open (dapr)"],
    [{ type: "port.opened", port: 3500, address: "0.0.0.0" }, "port 3500 open"],
  ],
  "port.closed": [
    [{ type: "port.closed", port: 9000, address: "0.0.0.0", container: "main" }, "port 9000 closed (main)"],
  ],
  "probe.changed": [
    [
      { type: "probe.changed", probe: "warm-up", container: "main", status: 404, detail: "" },
      "main warm-up: HTTP 404",
    ],
    [
      { type: "probe.changed", probe: "healthz", container: "dapr", status: null, detail: "ECONNREFUSED" },
      "dapr healthz: ECONNREFUSED",
    ],
  ],
  tick: [
    [
      { type: "tick", container: "dapr", component: "batch", count: 3, success: true, latencyMs: 19.6 },
      "tick batch #3, answered in 20 ms",
    ],
    [
      { type: "tick", container: "dapr", component: "batch", count: 4, success: false, latencyMs: 2 },
      "tick failed batch #4, answered in 2 ms",
    ],
  ],
  "virtual.tick": [
    [
      virtualTick({ outcome: "succeeded" }),
      "virtual tick batch due 2026-03-29T01:00:00.000Z, answered in 5 ms",
    ],
    [
      virtualTick({ outcome: "failed", detail: "status code: 500" }),
      "virtual tick failed batch due 2026-03-29T01:00:00.000Z: status code: 500",
    ],
    [virtualTick({ outcome: "started" }), "virtual tick batch due 2026-03-29T01:00:00.000Z, posted"],
    [virtualTick({ outcome: "unanswered" }), "virtual tick unanswered batch due 2026-03-29T01:00:00.000Z"],
    [
      virtualTick({ outcome: "dropped" }),
      "virtual tick dropped batch due 2026-03-29T01:00:00.000Z: its cron was being stopped",
    ],
  ],
  "virtual.advanced": [
    [
      {
        type: "virtual.advanced",
        from: "2026-03-28T00:00:00.000Z",
        to: "2026-03-29T00:00:00.000Z",
        ticks: 1,
      },
      "virtual clock went on from 2026-03-28T00:00:00.000Z to 2026-03-29T00:00:00.000Z: 1 ticks",
    ],
    [
      {
        type: "virtual.advanced",
        from: "2026-03-28T00:00:00.000Z",
        to: "2026-03-28T00:00:00.000Z",
        ticks: 0,
        stopped: "RUN_STOPPED: it ended",
      },
      "virtual clock went on from 2026-03-28T00:00:00.000Z to 2026-03-28T00:00:00.000Z: 0 ticks (stopped: RUN_STOPPED: it ended)",
    ],
  ],
  "component.loaded": [
    [
      { type: "component.loaded", container: "dapr", component: "batch", componentType: "bindings.cron" },
      "dapr loaded component batch (bindings.cron)",
    ],
  ],
  "component.gone": [
    [
      { type: "component.gone", container: "dapr", component: "batch", componentType: "bindings.cron" },
      "dapr has component batch no more",
    ],
  ],
  "blob.created": [
    [
      {
        type: "blob.created",
        account: "account",
        container: "container1",
        blob: "batch_1.txt",
        size: 24,
        createdOn: "2026-11-23T12:00:00.000Z",
      },
      "blob container1/batch_1.txt (24 bytes) in account",
    ],
  ],
  "identity.requested": [
    [
      {
        type: "identity.requested",
        status: 200,
        resource: "https://storage.azure.com",
        apiVersion: "2019-08-01",
        headerMatched: true,
        path: "/msi/token",
        userAgent: "azsdk-go",
        parameters: {},
      },
      "identity asked for https://storage.azure.com: 200",
    ],
    [
      {
        type: "identity.requested",
        status: 404,
        resource: "",
        apiVersion: "",
        headerMatched: false,
        path: "/elsewhere",
        userAgent: "",
        parameters: {},
      },
      "identity asked for /elsewhere: 404",
    ],
  ],
  "storage.request-failed": [
    [
      {
        type: "storage.request-failed",
        host: "a.blob.core.windows.net",
        method: "PUT",
        path: "/batch/one.txt",
        what: "answered 503 ServerBusy",
      },
      "storage answered 503 ServerBusy: PUT /batch/one.txt",
    ],
  ],
  "platform.state": [
    [
      { type: "platform.state", state: "Starting", details: "EstablishingSiteNetworks" },
      "platform: Starting",
    ],
    [{ type: "platform.state", state: "Starting", details: "StartingSiteContainers" }, undefined],
    [
      { type: "platform.state", state: "Blocked", details: "Blocked", lastError: "ContainerTimeout" },
      "platform: Blocked (last error ContainerTimeout)",
    ],
  ],
  "platform.log": [
    [{ type: "platform.log", level: "INFO", line: "Site started." }, "platform: Site started."],
    [{ type: "platform.log", level: "INFO", line: "Container is running.", container: "main" }, undefined],
    [
      {
        type: "platform.log",
        level: "ERROR",
        line: "Site container: dapr terminated during site startup.",
        container: "dapr",
      },
      "platform: Site container: dapr terminated during site startup.",
    ],
  ],
  "rotation.changed": [
    [
      { type: "rotation.changed", worker: 1, inRotation: false, reason: "10 failed health checks" },
      "worker 1 takes no requests: 10 failed health checks",
    ],
  ],
  "front-end.trouble": [
    [
      { type: "front-end.trouble", kind: "worker-failed", detail: "connection refused", requests: 7 },
      "front end answered for main (7 ×): connection refused",
    ],
  ],
  "route.probed": [
    [{ type: "route.probed", route: "/a", method: "POST", verdict: "held", evidence: "404" }, undefined],
  ],
  "tap.began": [[{ type: "tap.began" }, "tap: the loopback is seen from here on"]],
  exchange: [[{ type: "exchange", exchange: EXCHANGE }, undefined]],
  "exchange.open": [[{ type: "exchange.open", exchange: EXCHANGE }, undefined]],
  "tap.gap": [
    [
      { type: "tap.gap", gap: { reason: "packets-lost", packets: 3, detail: "3 packets\nwere dropped" } },
      "tap: packets-lost: 3 packets · were dropped",
    ],
  ],
  "observer.failed": [
    [
      { type: "observer.failed", observer: "blobs", detail: "connection reset" },
      "could not observe blobs: connection reset",
    ],
  ],
};
