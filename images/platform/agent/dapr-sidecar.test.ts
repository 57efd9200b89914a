import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DaprSidecarWatch } from "./dapr-sidecar.ts";
import { CollectingReporter } from "./test-support/collecting-reporter.ts";
import { FakeDaprd } from "./test-support/fake-daprd.ts";

const NOT_READY = { status: 500, body: '{"errorCode":"ERR_HEALTH_NOT_READY"}' };
const loaded = (...names: string[]) => ({
  status: 200,
  body: JSON.stringify({ components: names.map((name) => ({ name, type: "bindings.cron", version: "v1" })) }),
});
const metrics = (startedAt: number, count: number, initialised = 1) => ({
  status: 200,
  body: [
    `dapr_component_input_binding_count{component="batch",success="true"} ${count}`,
    `dapr_component_input_binding_latencies_sum{component="batch",success="true"} ${count * 7}`,
    `dapr_runtime_component_loaded{app_id="x"} ${initialised}`,
    `process_start_time_seconds ${startedAt}`,
  ].join("\n"),
});

let daprd: FakeDaprd;
let reporter: CollectingReporter;
let stop: AbortController;
let watching: Promise<void>;

function watch(httpPort: number, healthyIntervalMs = 20, metricsIntervalMs = 5): DaprSidecarWatch {
  const sidecar = { container: "dapr", httpPort, metricsPort: httpPort };
  const intervals = { portsIntervalMs: 5, healthIntervalMs: 5, healthyIntervalMs, metricsIntervalMs };
  const watched = new DaprSidecarWatch(
    { identity: null, storage: null, tap: null, daprSidecars: [sidecar], ...intervals },
    sidecar,
    reporter,
  );
  watching = watched.watch(stop.signal);
  return watched;
}

beforeEach(async () => {
  daprd = new FakeDaprd();
  await daprd.start();
  reporter = new CollectingReporter();
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await watching;
  await daprd.stop();
});

const probes = (probe: string) =>
  reporter
    .of("probe")
    .filter((report) => report.probe === probe)
    .map(({ status }) => status);
const componentSets = () =>
  reporter.of("components").map(({ components }) => components.map(({ name }) => name));

describe("one daprd", () => {
  test("each health endpoint is reported on change only", async () => {
    daprd.healthz = NOT_READY;
    watch(daprd.port);
    await reporter.seen((seen) => seen.type === "probe" && seen.status === 500);
    daprd.healthz = { status: 204, body: "" };
    await reporter.seen((seen) => seen.type === "probe" && seen.probe === "healthz" && seen.status === 204);
    daprd.healthz = NOT_READY;
    await reporter.seen(() => probes("healthz").length === 3);
    expect(probes("healthz")).toEqual([500, 204, 500]);
    expect(probes("outbound")).toEqual([204]);
    expect(reporter.of("probe").find(({ status }) => status === 500)?.detail).toBe(NOT_READY.body);
  });

  test("a healthy daprd is asked seldom, and at once when its port changes", async () => {
    const watched = watch(daprd.port, 3_600_000);
    await reporter.seen(() => probes("healthz").length === 1 && probes("outbound").length === 1);
    const { port } = daprd;
    await daprd.stop();
    watched.portChanged(port);
    await reporter.seen(() => probes("healthz").length === 2 && probes("outbound").length === 2);
    expect(probes("healthz")).toEqual([204, null]);
    expect(daprd.requests.get("/v1.0/healthz")).toBe(1);
    await daprd.start(port);
    watched.portChanged(port);
    await reporter.seen(() => probes("healthz").length === 3 && probes("outbound").length === 3);
    expect(probes("outbound")).toEqual([204, null, 204]);
  });

  test("ticks are counted anew with each daprd process", async () => {
    daprd.metrics = metrics(1, 2);
    watch(daprd.port);
    await reporter.seen(() => reporter.of("tick").length === 2);
    daprd.metrics = metrics(2, 1);
    await reporter.seen(() => reporter.of("tick").length === 3);
    expect(
      reporter.of("tick").map(({ container, count, latencyMs }) => [container, count, latencyMs]),
    ).toEqual([
      ["dapr", 1, 7],
      ["dapr", 2, 7],
      ["dapr", 1, 7],
    ]);
  });

  test("metrics are read as often as was asked last", async () => {
    daprd.metrics = metrics(1, 1);
    const watched = watch(daprd.port, 20, 3_600_000);
    await reporter.seen(() => reporter.of("tick").length === 1);
    watched.readMetricsEvery(5);
    for (const count of [2, 3]) {
      daprd.metrics = metrics(1, count);
      await reporter.seen(() => reporter.of("tick").length === count);
    }
    expect(reporter.of("tick").map(({ count }) => count)).toEqual([1, 2, 3]);
  });

  test("components are reported when the set changes, none while daprd is gone, and anew when it is back", async () => {
    daprd.metadata = loaded("b", "a");
    daprd.metrics = metrics(1, 0);
    const watched = watch(daprd.port, 3_600_000);
    await reporter.seen(() => componentSets().length === 1);
    daprd.metadata = loaded("a", "b", "c");
    daprd.metrics = metrics(1, 0, 2);
    await reporter.seen(() => componentSets().length === 2);
    const { port } = daprd;
    await daprd.stop();
    watched.portChanged(port);
    await reporter.seen(() => componentSets().length === 3);
    await daprd.start(port);
    watched.portChanged(port);
    await reporter.seen(() => componentSets().length === 4);
    expect(componentSets()).toEqual([["a", "b"], ["a", "b", "c"], [], ["a", "b", "c"]]);
  });

  test("a set that is read again and is the same is not reported again", async () => {
    daprd.metadata = loaded("a");
    daprd.metrics = metrics(1, 0);
    watch(daprd.port, 5);
    await reporter.seen(() => componentSets().length > 0);
    // The metrics' ticks give the test a beat to wait on while the metadata is read again.
    for (let count = 1; (daprd.requests.get("/v1.0/metadata") ?? 0) < 3; count++) {
      daprd.metrics = metrics(1, count, count);
      await reporter.seen(() => reporter.of("tick").length === count);
    }
    expect(componentSets()).toEqual([["a"]]);
  });

  test("what can't be read is a failure told once, and the watch goes on", async () => {
    daprd.metadata = { status: 401, body: "invalid api token" };
    daprd.metrics = { status: 200, body: "dapr_component_input_binding_count{} lots" };
    watch(daprd.port);
    await reporter.seen((seen) => seen.type === "failure" && seen.observer === "dapr metadata");
    await reporter.seen((seen) => seen.type === "failure" && seen.observer === "dapr metrics");
    daprd.metrics = metrics(1, 1);
    await reporter.seen((seen) => seen.type === "tick");
    expect(
      reporter
        .of("failure")
        .map(({ observer }) => observer)
        .toSorted(),
    ).toEqual(["dapr metadata", "dapr metrics"]);
    expect(reporter.of("failure").find(({ observer }) => observer === "dapr metadata")?.detail).toContain(
      "401 invalid api token",
    );
  });
});
