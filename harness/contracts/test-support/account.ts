import type { ComponentFile } from "../../dapr/component-files.ts";
import { DaprMetrics } from "../../dapr/dapr-metrics.ts";
import type { MetricSample } from "../../dapr/prometheus-text.ts";
import type { DaprSnapshot } from "../../dapr/readiness.ts";
import type { TimelineEvent } from "../../timeline/events.ts";

/** daprd's account of itself at the end, where it is not what the timeline says. */
export interface Account {
  /** Deliveries by component; default: as the timeline's ticks. */
  readonly delivered?: Readonly<Record<string, { readonly success: number; readonly failed: number }>>;
  /** Answers of the app to the posts of `batch`, by status; default: 200 and 500 as delivered. */
  readonly posts?: Readonly<Record<number, number>>;
  readonly pending?: number;
  /** Names that daprd has not loaded. */
  readonly notLoaded?: readonly string[];
  readonly health?: number | null;
  /** Answers of the app to OPTIONS; absent: not asked. */
  readonly options?: { readonly sent: number; readonly answers: Readonly<Record<number, number>> };
  readonly appConfigurationCalls?: number;
  /** Calls of output bindings. */
  readonly invoked?: readonly {
    readonly component: string;
    readonly operation: string;
    readonly success: number;
    readonly failed: number;
  }[];
  readonly appHealthProbes?: number;
}

export const NO_ANSWER: DaprSnapshot = { health: null, metadata: null, metrics: null };

interface Snapped {
  readonly account: Account;
  readonly files: readonly ComponentFile[];
  readonly events: readonly TimelineEvent[];
  readonly instance: string;
  readonly untilMs: number;
}

/** What a daprd says that has these files and fired these ticks. */
export function snapshotOf({ account, files, events, instance, untilMs }: Snapped): DaprSnapshot {
  const components = files.flatMap((file) => file.components);
  const lifeFromMs = events.findLast(
    (event) =>
      event.type === "container.started" && event.container === "dapr" && event.instance === instance,
  )?.tMs;
  const told = (component: string, success: boolean): number =>
    events.filter(
      (event) =>
        event.type === "tick" &&
        event.component === component &&
        event.instance === instance &&
        event.success === success &&
        event.tMs >= (lifeFromMs ?? 0) &&
        event.tMs <= untilMs,
    ).length;
  const cron = components.filter(({ type }) => type === "bindings.cron");
  const samples = cron.flatMap(({ name, metadata }): MetricSample[] => {
    const { success, failed } = account.delivered?.[name] ?? {
      success: told(name, true),
      failed: told(name, false),
    };
    const path = metadata["route"] ?? "";
    const posts = (name === "batch" ? account.posts : undefined) ?? { 200: success, 500: failed };
    const answered = Object.values(posts).reduce((sum, count) => sum + count, 0);
    return [
      sample("dapr_component_input_binding_count", { component: name, success: "true" }, success),
      sample("dapr_component_input_binding_count", { component: name, success: "false" }, failed),
      ...Object.entries(posts).map(([status, count]) =>
        sample("dapr_http_client_completed_count", { method: "POST", path, status }, count),
      ),
      sample(
        "dapr_http_client_sent_bytes_count",
        { method: "POST", path },
        answered + (account.pending ?? 0),
      ),
      ...optionsSamples(path, account.options),
    ];
  });
  return {
    health: account.health === undefined ? 204 : account.health,
    metadata: {
      id: "main",
      components: components
        .filter(({ name }) => account.notLoaded?.includes(name) !== true)
        .map(({ name, type, version }) => ({
          name,
          type,
          version,
          capabilities: [type === "bindings.cron" ? "INPUT_BINDING" : "OUTPUT_BINDING"],
        })),
      appConnectionProperties: { port: 9000, protocol: "http", channelAddress: "127.0.0.1" },
    },
    metrics: new DaprMetrics([
      ...samples,
      sample(
        "dapr_http_client_sent_bytes_count",
        { method: "GET", path: "/dapr/config" },
        account.appConfigurationCalls ?? 1,
      ),
      ...(account.invoked ?? []).flatMap(({ component, operation, success, failed }) => {
        const name = "dapr_component_output_binding_count";
        return [
          sample(name, { component, operation, success: "true" }, success),
          sample(name, { component, operation, success: "false" }, failed),
        ];
      }),
      ...(account.appHealthProbes === undefined
        ? []
        : [sample("dapr_http_healthprobes_completed_count", { status: "200" }, account.appHealthProbes)]),
    ]),
  };
}

function optionsSamples(path: string, options: Account["options"]): readonly MetricSample[] {
  if (options === undefined) return [];
  return [
    sample("dapr_http_client_sent_bytes_count", { method: "OPTIONS", path }, options.sent),
    ...Object.entries(options.answers).map(([status, count]) =>
      sample("dapr_http_client_completed_count", { method: "OPTIONS", path, status }, count),
    ),
  ];
}

function sample(name: string, labels: Readonly<Record<string, string>>, value: number): MetricSample {
  return { name, labels, value };
}
