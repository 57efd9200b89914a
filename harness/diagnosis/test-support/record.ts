import type { RecordedLine, RecordedStop, RunRecord } from "../../contracts/run-record.ts";
import { readComponentFile, type ComponentFile } from "../../dapr/component-files.ts";
import { DaprMetrics } from "../../dapr/dapr-metrics.ts";
import type { DaprSnapshot } from "../../dapr/readiness.ts";
import { makePlan } from "../../plan/make-plan.ts";
import type { ContainerPlan, SitePlan } from "../../plan/site-plan.ts";
import { OPTIONS, site } from "../../plan/test-support/small-definition.ts";
import type { Happening, TimelineEvent } from "../../timeline/events.ts";

/** When the site of these records is stopped. */
export const STOP_MS = 20_000;
export const INSTANCE = "0-1";

/** Event with its time. */
export type At = readonly [tMs: number, happening: Happening & { readonly instance?: string }];

export interface RecordParts {
  /** In any order; added to those of {@link HELD}, from which `without` takes types away. */
  readonly events?: readonly At[];
  /** Leaves events out that a good run has. */
  readonly without?: (event: Happening) => boolean;
  readonly components?: Readonly<Record<string, string>>;
  readonly snapshot?: Partial<DaprSnapshot>;
  readonly lines?: readonly RecordedLine[];
  readonly stopped?: readonly RecordedStop[];
  readonly plan?: Partial<Omit<SitePlan, "containers">>;
  /** By container. */
  readonly containers?: Readonly<Record<string, Partial<Omit<ContainerPlan, "files">>>>;
  readonly instances?: readonly string[];
}

/** A component file: `cron({ direction: "input" })`. */
export function cron(metadata: Readonly<Record<string, string>> = {}, name = "batch"): string {
  return component(name, "bindings.cron", {
    schedule: "@every 1s",
    route: `/.internal/${name}`,
    ...metadata,
  });
}

export function blob(metadata: Readonly<Record<string, string>> = {}, extra = ""): string {
  return component(
    "blob",
    "bindings.azure.blobstorage",
    { accountName: "shopstorage", containerName: "container1", ...metadata },
    extra,
  );
}

function component(
  name: string,
  type: string,
  metadata: Readonly<Record<string, string>>,
  extra = "",
): string {
  const items = Object.entries(metadata).map(
    ([key, value]) => `  - name: ${key}\n    value: ${JSON.stringify(value)}\n`,
  );
  return `apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: ${type}\n  version: v1\n${extra}  metadata:\n${items.join("")}`;
}

/** A line of daprd's as it prints it with `--log-as-json`. */
export function daprd(tMs: number, level: string, msg: string): RecordedLine {
  const text = JSON.stringify({
    app_id: "main",
    instance: "9b95c4d85afb",
    level,
    msg,
    scope: "dapr.runtime",
    type: "log",
    ver: "unknown",
  });
  return { container: "dapr", stream: "stdout", tMs, text };
}

export function printed(container: string, tMs: number, text: string): RecordedLine {
  return { container, stream: "stdout", tMs, text };
}

export function metrics(
  ...samples: readonly (readonly [name: string, labels: Readonly<Record<string, string>>, value: number])[]
): DaprMetrics {
  return new DaprMetrics(samples.map(([name, labels, value]) => ({ name, labels, value })));
}

/** Metrics of OPTIONS: how often it was asked, and what was answered. */
export function questioned(
  route: string,
  sent: number,
  answers: Readonly<Record<string, number>>,
): DaprMetrics["samples"] {
  const labels = { method: "OPTIONS", path: route };
  return metrics(
    ["dapr_http_client_sent_bytes_count", labels, sent],
    ...Object.entries(answers).map(
      ([status, value]) => ["dapr_http_client_completed_count", { ...labels, status }, value] as const,
    ),
  ).samples;
}

const GOOD_METRICS: DaprMetrics["samples"] = metrics(
  ["dapr_http_client_sent_bytes_count", { method: "GET", path: "/dapr/config" }, 1],
  ["dapr_component_input_binding_count", { component: "batch", success: "true" }, 3],
  ["dapr_http_client_completed_count", { method: "POST", path: "/.internal/batch", status: "200" }, 3],
).samples;

export const GOOD_SNAPSHOT: DaprSnapshot = {
  health: 204,
  metadata: {
    id: "main",
    components: [
      { name: "batch", type: "bindings.cron", version: "v1", capabilities: ["INPUT_BINDING"] },
      { name: "blob", type: "bindings.azure.blobstorage", version: "v1", capabilities: ["OUTPUT_BINDING"] },
    ],
    appConnectionProperties: { port: 9000, protocol: "http", channelAddress: "127.0.0.1" },
  },
  metrics: new DaprMetrics(GOOD_METRICS),
};

export const tick = (tMs: number, count: number, success = true, latencyMs = 20): At => [
  tMs,
  { type: "tick", container: "dapr", component: "batch", count, success, latencyMs },
];

export const exited = (tMs: number, container: string, exitCode: number, asked = false): At => [
  tMs,
  { type: "container.exited", container, exitCode, outOfMemory: false, asked },
];

export const opened = (tMs: number, port: number, container?: string, address = "0.0.0.0"): At => [
  tMs,
  { type: "port.opened", port, address, ...(container === undefined ? {} : { container }) },
];

/** What a good run of the small site leaves. */
const HELD: readonly At[] = [
  [900, { type: "schedule.began" }],
  [1000, { type: "container.started", container: "main", plannedMs: 0, latenessMs: 10 }],
  [1100, { type: "container.started", container: "dapr", plannedMs: 0, latenessMs: 110 }],
  [
    1150,
    { type: "probe.changed", probe: "warm-up", container: "main", status: null, detail: "ECONNREFUSED" },
  ],
  opened(1200, 9090, "dapr", "::"),
  [
    1210,
    {
      type: "identity.requested",
      status: 200,
      resource: "https://storage.azure.com",
      apiVersion: "2019-08-01",
      headerMatched: true,
      path: "/msi/token",
      userAgent: "azsdk-go-azidentity/v1.7.0",
      parameters: {},
    },
  ],
  opened(1300, 3500, "dapr", "::"),
  opened(1310, 50_001, "dapr", "::"),
  opened(1400, 9000),
  [1410, { type: "probe.changed", probe: "healthz", container: "dapr", status: 204, detail: "No Content" }],
  [1420, { type: "component.loaded", container: "dapr", component: "batch", componentType: "bindings.cron" }],
  [
    1430,
    {
      type: "component.loaded",
      container: "dapr",
      component: "blob",
      componentType: "bindings.azure.blobstorage",
    },
  ],
  [1500, { type: "platform.state", state: "Started", details: "Started" }],
  tick(2500, 1),
  tick(3500, 2),
  tick(4500, 3),
  exited(STOP_MS + 50, "main", 0, true),
  exited(STOP_MS + 60, "dapr", 0, true),
];

const GOOD_STOPS: readonly RecordedStop[] = [
  { container: "main", exitCode: 0, afterMs: 50, killed: false, instance: INSTANCE },
  { container: "dapr", exitCode: 0, afterMs: 60, killed: false, instance: INSTANCE },
];

/** A good run of a site with main on 9000, a Dapr sidecar, a cron and a blob binding, and what a test changes in it. */
export function runRecord(parts: RecordParts = {}): RunRecord {
  const held = HELD.filter(([, happening]) => parts.without?.(happening) !== true);
  const events = [...held, ...(parts.events ?? [])]
    .toSorted(([a], [b]) => a - b)
    .map(([tMs, happening], seq): TimelineEvent => ({
      seq,
      tMs,
      wall: new Date(tMs).toISOString(),
      instance: INSTANCE,
      ...happening,
    }));
  const plan = makePlan(site(), OPTIONS);
  const files = parts.components ?? { "batch.yaml": cron({ direction: "input" }), "blob.yaml": blob() };
  return {
    runDirectory: "/runs/run",
    plan: {
      ...plan,
      ...parts.plan,
      containers: plan.containers.map((container) => ({
        ...container,
        files: [],
        ...parts.containers?.[container.name],
      })),
    },
    instances: parts.instances ?? [INSTANCE],
    events,
    componentFiles: new Map([["dapr", filesOf(files)]]),
    snapshots: new Map([[INSTANCE, new Map([["dapr", { ...GOOD_SNAPSHOT, ...parts.snapshot }]])]]),
    observedUntilMs: STOP_MS,
    stopped: parts.stopped ?? GOOD_STOPS,
    lines: parts.lines ?? [],
    lateness: { scheduleMs: 10, eventLoopMs: 5 },
  };
}

/** Metrics of a good run beside others. */
export function goodMetricsAnd(...more: readonly DaprMetrics["samples"][]): DaprMetrics {
  return new DaprMetrics([...GOOD_METRICS, ...more.flat()]);
}

function filesOf(files: Readonly<Record<string, string>>): readonly ComponentFile[] {
  return Object.entries(files).map(([name, text]) =>
    readComponentFile(`/components/${name}`, new TextEncoder().encode(text)),
  );
}
