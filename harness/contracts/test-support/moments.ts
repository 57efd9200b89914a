import type { EventOf, Happening } from "../../timeline/events.ts";

/** Something that happened, and when: milliseconds since the run began. */
export interface Moment {
  readonly tMs: number;
  readonly instance?: string;
  readonly happening: Happening;
}

export const INSTANCE = "0-1";
/** Wall time at which these runs begin. */
export const ORIGIN = Date.parse("2026-11-24T12:00:00.000Z");

/** What happens in an instance; `null`: what is the whole site's, or storage's. */
export function at(tMs: number, happening: Happening, instance: string | null = INSTANCE): Moment {
  return { tMs, happening, ...(instance === null ? {} : { instance }) };
}

export function started(tMs: number, container: string, instance: string | null = INSTANCE): Moment {
  return at(tMs, { type: "container.started", container, plannedMs: tMs, latenessMs: 0 }, instance);
}

export function exited(
  tMs: number,
  container: string,
  { exitCode = 1, asked = false, outOfMemory = false, instance = INSTANCE }: Exit = {},
): Moment {
  return at(tMs, { type: "container.exited", container, exitCode, outOfMemory, asked }, instance);
}

interface Exit {
  readonly exitCode?: number;
  readonly asked?: boolean;
  readonly outOfMemory?: boolean;
  readonly instance?: string | null;
}

export function healthz(tMs: number, status: number | null, instance = INSTANCE): Moment {
  return at(
    tMs,
    { type: "probe.changed", probe: "healthz", container: "dapr", status, detail: "" },
    instance,
  );
}

export function state(tMs: number, details: EventOf<"platform.state">["details"], more = {}): Moment {
  return at(tMs, { type: "platform.state", state: "Starting", details, ...more });
}

export interface Ticks {
  /** When the app is called first, and how often and in which interval from then on. */
  readonly firstMs: number;
  readonly count: number;
  readonly everyMs?: number;
  readonly success?: boolean;
  readonly latencyMs?: number;
  readonly component?: string;
  readonly instance?: string;
}

/** Ticks as daprd's counters tell of them: a little after the answer. */
export function ticks({
  firstMs,
  count,
  everyMs = 1000,
  success = true,
  latencyMs = 20,
  component = "batch",
  instance = INSTANCE,
}: Ticks): readonly Moment[] {
  return Array.from({ length: count }, (_, index) =>
    at(
      firstMs + index * everyMs + latencyMs + ((index * 37) % 90),
      // The reading's delay counts as if the call had come later.
      { type: "tick", container: "dapr", component, count: index + 1, success, latencyMs },
      instance,
    ),
  );
}

/** One blob a moment after each of these times. */
export function blobs(times: readonly number[]): readonly Moment[] {
  return times.map((tMs, index) =>
    at(
      tMs + 100,
      {
        type: "blob.created",
        account: "shopstorage",
        container: "container1",
        blob: `batch_${index}.txt`,
        size: 24,
        createdOn: new Date(ORIGIN + tMs).toISOString(),
      },
      null,
    ),
  );
}

/** Times of successful ticks among moments, for {@link blobs}. */
export function successes(moments: readonly Moment[]): readonly number[] {
  return moments.flatMap(({ tMs, happening }) =>
    happening.type === "tick" && happening.success ? [tMs] : [],
  );
}

/** The example's start, all at once: daprd finds the app at 2 s, the site has started at 1.9 s. */
export function startOf(instance = INSTANCE): readonly Moment[] {
  return [
    at(10, { type: "container.created", container: "storage", id: "s", imageId: "i" }, null),
    started(20, "storage", null),
    at(100, { type: "schedule.began" }, instance),
    started(110, "main", instance),
    started(120, "dapr", instance),
    healthz(500, 500, instance),
    at(
      510,
      { type: "component.loaded", container: "dapr", component: "batch", componentType: "bindings.cron" },
      instance,
    ),
    at(
      510,
      {
        type: "component.loaded",
        container: "dapr",
        component: "blob",
        componentType: "bindings.azure.blobstorage",
      },
      instance,
    ),
    at(1850, { type: "port.opened", port: 9000, address: "0.0.0.0", container: "main" }, instance),
    at(1900, { type: "platform.state", state: "Started", details: "Started" }, instance),
    healthz(2000, 204, instance),
  ];
}
