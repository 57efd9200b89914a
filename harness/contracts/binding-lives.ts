import { bindingRoute, isInputBinding, type DaprComponent } from "../dapr/component-files.ts";
import { parseCronSchedule, type CronSchedule } from "../dapr/cron-schedule.ts";
import type { DaprMetrics } from "../dapr/dapr-metrics.ts";
import { timeZone } from "../dapr/time-zone.ts";
import { disturbancesOf, disturbing, type Disturbance } from "./disturbances.ts";
import { appFoundMs, livesOf, observed, type Life } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * A call is told of when daprd's counters are next read, every tenth of a second; its time is good to that, and on a busy machine
 * to a little more.
 */
export const READING_MS = 400;

/** One delivery of a tick to the app, as daprd's counters told of it. Times are good to about a tenth of a second. */
export interface Call {
  /** When the app was called. */
  readonly calledMs: number;
  /** When it had answered. */
  readonly doneMs: number;
  readonly success: boolean;
}

/** A cron binding during one life of the daprd that reads it. */
export interface BindingLife {
  readonly component: DaprComponent;
  readonly schedule: CronSchedule;
  /** Whose wall clock a schedule without a zone of its own follows: that of the container's `TZ`. */
  readonly localZone: string;
  readonly container: string;
  readonly instance: string;
  readonly life: Life;
  /** From when it was read; `undefined`: it is not known that it was. */
  readonly activeFromMs: number | undefined;
  /** In the order of their calls. */
  readonly calls: readonly Call[];
  /** How exact their times are, in ms. */
  readonly goodToMs: number;
  /** daprd's counters at the end of the observation, where this is the daprd that was there then. */
  readonly metrics: DaprMetrics | null;
  /** Deliveries that the counters have and the timeline has not: those after the last reading. */
  readonly unseen: { readonly success: number; readonly failed: number };
  /** Calls without an answer when the observation ended; `undefined`: not known. */
  readonly pending: number | undefined;
  readonly disturbances: readonly Disturbance[];
}

/** Every cron binding of every sidecar, with each life of its daprd. Those with a schedule that daprd refuses are left out. */
export function bindingLives(record: RunRecord): readonly BindingLife[] {
  const disturbances = disturbancesOf(record);
  return [...record.componentFiles].flatMap(([container, files]) =>
    files
      .flatMap(({ components }) => components)
      .filter((component) => component.type === "bindings.cron" && isInputBinding(component) === "yes")
      .flatMap((component) => {
        const schedule = parseCronSchedule(component.metadata["schedule"] ?? "");
        if (schedule.kind === "fault") return [];
        return record.instances.flatMap((instance) =>
          livesOf(record, container, instance).map((life) =>
            bindingLife(record, { component, schedule, container, instance, life }, disturbances),
          ),
        );
      }),
  );
}

function bindingLife(
  record: RunRecord,
  of: Pick<BindingLife, "component" | "schedule" | "container" | "instance" | "life">,
  disturbances: readonly Disturbance[],
): BindingLife {
  const { component, container, instance, life } = of;
  const calls = observed(record, "tick")
    .filter(
      (tick) =>
        tick.component === component.name &&
        tick.container === container &&
        tick.instance === instance &&
        tick.tMs >= life.fromMs &&
        tick.tMs <= life.toMs,
    )
    .map(({ tMs, latencyMs, success }) => ({ calledMs: tMs - latencyMs, doneMs: tMs, success }))
    .toSorted((one, other) => one.calledMs - other.calledMs);
  const metrics =
    life.exit === undefined ? (record.snapshots.get(instance)?.get(container)?.metrics ?? null) : null;
  const counted = metrics?.inputBindingCount(component.name) ?? { success: 0, failed: 0 };
  const seen = calls.filter(({ success }) => success).length;
  return {
    ...of,
    localZone: localZoneOf(record, container),
    activeFromMs: appFoundMs(record, life),
    calls,
    goodToMs: READING_MS,
    metrics,
    unseen: {
      success: Math.max(0, counted.success - seen),
      failed: Math.max(0, counted.failed - (calls.length - seen)),
    },
    pending: metrics?.postsUnderWay(bindingRoute(component)),
    disturbances: disturbing(disturbances, instance),
  };
}

/** Go takes a zone that it does not find for UTC. */
function localZoneOf({ plan }: RunRecord, container: string): string {
  const zone = plan.containers.find(({ name }) => name === container)?.environment["TZ"]?.replace(/^:/, "");
  return zone !== undefined && isTimeZone(zone) ? zone : "UTC";
}

function isTimeZone(name: string): boolean {
  try {
    return Number.isFinite(timeZone(name).offsetMs(0));
  } catch {
    return false;
  }
}
