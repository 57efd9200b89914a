import { platformMs } from "../platform/platform-clock.ts";
import type { EventOf, EventType } from "../timeline/events.ts";
import type { RunRecord } from "./run-record.ts";

/** Why a trial of the laboratory was not looked at any longer: what was not ready by then had its time. */
export const SETTLE_TIME_RAN_OUT = "the settle time ran out";

/**
 * What has not become ready so long after the last start is not going to: longer than any wait that is known of the parts, the
 * longest being the Dapr client's 30.7 s for its sidecar (daprd.md §5).
 */
export const SETTLED_MS = 35_000;

/** One life of a container's first process. */
export interface Life {
  readonly container: string;
  readonly instance?: string;
  readonly fromMs: number;
  /** Its end, or that of the observation. */
  readonly toMs: number;
  /** Absent: it still ran. */
  readonly exit?: EventOf<"container.exited">;
}

/** Events of one type, up to the end of the observation, in the order of their times. */
export function observed<T extends EventType>(record: RunRecord, type: T): readonly EventOf<T>[] {
  return record.events
    .filter((event): event is EventOf<T> => event.type === type && event.tMs <= record.observedUntilMs)
    .toSorted((one, other) => one.tMs - other.tMs);
}

/** The instances that were there at the end of the observation. */
export function presentInstances({ snapshots, instances }: RunRecord): readonly string[] {
  return snapshots.size === 0 ? instances : [...snapshots.keys()];
}

/** The lives of a container, within the observation. @param instance absent for storage. */
export function livesOf(record: RunRecord, container: string, instance: string | undefined): readonly Life[] {
  const isOurs = (event: { readonly container: string; readonly instance?: string }): boolean =>
    event.container === container && event.instance === instance;
  const exits = observed(record, "container.exited").filter(isOurs);
  const starts = observed(record, "container.started").filter(isOurs);
  return starts.map(({ tMs: fromMs }, index) => {
    const nextMs = starts[index + 1]?.tMs ?? Number.POSITIVE_INFINITY;
    const exit = exits.find(({ tMs }) => tMs >= fromMs && tMs <= nextMs);
    return {
      container,
      ...(instance === undefined ? {} : { instance }),
      fromMs,
      toMs: exit?.tMs ?? record.observedUntilMs,
      ...(exit === undefined ? {} : { exit }),
    };
  });
}

/**
 * When daprd found its app in this life: its healthz answered 204, which it does for ever then (daprd.md §1). On a busy machine a
 * daprd can be killed and be back between two looks, so that nothing was seen to change: then the first tick tells.
 */
export function appFoundMs(
  record: RunRecord,
  { container, instance, fromMs, toMs }: Life,
): number | undefined {
  const isOfLife = (event: EventOf<"probe.changed" | "tick">): boolean =>
    event.container === container && event.instance === instance && event.tMs >= fromMs && event.tMs <= toMs;
  const probes = observed(record, "probe.changed").filter(
    (event) => event.probe === "healthz" && isOfLife(event),
  );
  if (probes.length > 0) return probes.find(({ status }) => status === 204)?.tMs;
  return observed(record, "tick").find(isOfLife)?.tMs;
}

/** Of a moment or a length of time, for evidence: `3.25 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** `""`, or which instance it is where there are several. */
export function inInstance({ instances }: RunRecord, instance: string | undefined): string {
  return instance === undefined || instances.length < 2 ? "" : ` in instance ${instance}`;
}

/** Milliseconds since the epoch at which the run began. */
export function originOf({ events }: RunRecord): number {
  const [first] = events;
  return first === undefined ? 0 : Date.parse(first.wall) - first.tMs;
}

/** The laboratory has waited for as long as it was told to. */
export function settleTimeRanOut({ events }: RunRecord): boolean {
  return events.some(
    (event) => event.type === "phase" && event.name === "observed" && event.detail === SETTLE_TIME_RAN_OUT,
  );
}

/** The instance has reached `Started`. */
export function hasStarted(record: RunRecord, instance: string): boolean {
  return observed(record, "platform.state").some(
    (event) => event.instance === instance && event.details === "Started",
  );
}

/** How long a start may take, in this run's time (A2.6). */
export function startLimitMs({ plan: { settings } }: RunRecord): number {
  return platformMs(settings.startTimeLimitSeconds, settings);
}
