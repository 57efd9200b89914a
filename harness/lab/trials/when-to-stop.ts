import { SETTLE_TIME_RAN_OUT } from "../../contracts/observation.ts";
import { isInputBinding, type ComponentFile, type DaprComponent } from "../../dapr/component-files.ts";
import { parseCronSchedule } from "../../dapr/cron-schedule.ts";
import { nextTick } from "../../dapr/cron-ticks.ts";
import type { DaprSnapshot, Readiness } from "../../dapr/readiness.ts";
import type { EventOf, TimelineEvent } from "../../timeline/events.ts";
import type { Cue } from "../../schedule/step.ts";
import type { TrialLimits } from "./laboratory-options.ts";

/** What a daprd said of itself at one moment of a trial. */
export interface SidecarLook {
  /** Milliseconds since the run began. */
  readonly tMs: number;
  readonly snapshot: DaprSnapshot;
  readonly readiness: Readiness;
}

/** One daprd of a trial. */
export interface WatchedSidecar {
  readonly instance: string;
  readonly container: string;
  /** As daprd has read them. */
  readonly files: readonly ComponentFile[];
  /** The last one. Absent: it was not looked at yet. */
  readonly look?: SidecarLook;
}

/** Everything that is known of a trial at one moment. Times are milliseconds since the run began. */
export interface TrialView {
  readonly nowMs: number;
  /** Wall time of the run's beginning, milliseconds since the epoch. */
  readonly originWallMs: number;
  readonly events: readonly TimelineEvent[];
  readonly instances: readonly string[];
  readonly mainContainer: string;
  readonly sidecars: readonly WatchedSidecar[];
  /** When the last start or step of the schedule was done; absent: some is still to come. */
  readonly scheduleDoneMs?: number;
  /** When the last one that has a time is planned. */
  readonly lastPlannedMs: number;
  /** What its steps wait for, where they wait for something that is seen. */
  readonly cues: readonly Cue[];
  readonly limits: TrialLimits;
}

export type Decision =
  | { readonly stop: string }
  /** `lookAt`: sidecars to ask now. `againMs`: when to decide again, unless something happens before. */
  | { readonly againMs: number; readonly lookAt: readonly WatchedSidecar[] };

/** After an end that nothing mends: what follows from it is still to be seen. */
export const CONSEQUENCES_MS = 2_000;
/** From a tick that was counted to its effect and its record. */
const EFFECT_MS = 250;
/** A first delivery takes its time on a busy machine, and is counted when it has ended and the counter is read. */
const TICK_SLACK_MS = 5_000;
const LOOK_INTERVAL_MS = 500;

interface End {
  readonly atMs: number;
  readonly why: string;
}

/**
 * Whether a trial has shown all that it can show. It goes on until the schedule is done, the site is ready and has had its
 * ticks; it ends early when a part has ended that the schedule will not start again, and late when the settle time runs out.
 */
export function whenToStop(view: TrialView): Decision {
  const { limits, scheduleDoneMs, instances } = view;
  if (instances.every((instance) => stateOf(view, instance) === "Stopped")) {
    return { stop: "the schedule has stopped the site" };
  }
  if (scheduleDoneMs === undefined) {
    const limitMs = Math.max(view.lastPlannedMs, lastOfSchedule(view)) + limits.settleMs;
    const settled: End = { atMs: limitMs, why: "what the schedule waits for did not happen" };
    const end = earlier(settled, neverComes(view) ?? settled);
    return stopAt(view, end);
  }
  const fromMs = Math.max(scheduleDoneMs, lastOf(view, "fault.healed"));
  const ends = instances.map((instance) => endOf(view, instance, fromMs));
  const last = ends.reduce((a, b) => (b.atMs > a.atMs ? b : a));
  return stopAt(view, last);
}

/** Stops when the end has come; asks the sidecars until then. */
function stopAt(view: TrialView, { atMs, why }: End): Decision {
  if (view.nowMs >= atMs) return { stop: why };
  const isAsked = view.sidecars.some((sidecar) => mayBeAsked(view, sidecar));
  return {
    againMs: isAsked ? Math.min(atMs, view.nowMs + LOOK_INTERVAL_MS) : atMs,
    lookAt: view.sidecars.filter((sidecar) => isDue(view, sidecar)),
  };
}

/** A site that is not ready, and never will be, shows none of these. */
const SEEN_OF_READY_SITES: ReadonlySet<Cue["seen"]> = new Set(["site-ready", "tick", "blob-created"]);

/** All that the schedule still waits for is seen of ready sites alone, and this one can't get ready any more. */
function neverComes(view: TrialView): End | undefined {
  const { cues, events, instances, lastPlannedMs } = view;
  const mayCome = cues.some(({ seen }) => !SEEN_OF_READY_SITES.has(seen));
  const isOfReady = cues.every((cue) => cue.seen === "site-ready" || (cue.seen === "tick" && cue.ready));
  const came = events.some(
    (event) =>
      (event.type === "tick" && !isOfReady) || (event.type === "phase" && event.name === "site ready"),
  );
  if (cues.length === 0 || mayCome || came) return undefined;
  const ends = instances.flatMap((instance) => neverReadySince(view, instance) ?? []);
  if (ends.length === 0) return undefined;
  const sinceMs = Math.max(lastPlannedMs, Math.min(...ends));
  return { atMs: sinceMs + CONSEQUENCES_MS, why: "what the schedule waits for can't happen any more" };
}

function neverReadySince(view: TrialView, instance: string): number | undefined {
  const lost = lostSince(view, instance);
  if (lost !== undefined) return lost.atMs;
  const refusing = view.sidecars.find(
    (sidecar) =>
      sidecar.instance === instance &&
      isFinal(view, sidecar) &&
      sidecar.look?.readiness.inputBindings.some(({ state }) => state === "refused"),
  );
  return refusing?.look?.tMs;
}

/** When an instance will have shown everything, as far as can be told now. */
function endOf(view: TrialView, instance: string, fromMs: number): End {
  const settled: End = { atMs: fromMs + view.limits.settleMs, why: SETTLE_TIME_RAN_OUT };
  const lost = lostSince(view, instance);
  if (lost !== undefined) {
    return earlier(settled, { atMs: Math.max(fromMs, lost.atMs) + CONSEQUENCES_MS, why: lost.why });
  }
  const startedMs = startedAt(view, instance);
  if (startedMs === undefined) return settled;
  const sidecars = view.sidecars.filter((sidecar) => sidecar.instance === instance);
  if (sidecars.some((sidecar) => !isFinal(view, sidecar))) return settled;
  const readyMs = Math.max(fromMs, startedMs, ...sidecars.map(({ look }) => look?.tMs ?? 0));
  const ticks = sidecars.flatMap((sidecar) =>
    cronBindingsOf(sidecar).map((component) => lastTick(view, { sidecar, component, readyMs })),
  );
  if (ticks.length === 0) {
    return earlier(settled, { atMs: readyMs + CONSEQUENCES_MS, why: "the site is ready, and nothing ticks" });
  }
  const last = ticks.reduce((a, b) => (b.atMs > a.atMs ? b : a));
  return earlier(settled, { atMs: last.atMs + EFFECT_MS, why: last.why });
}

function earlier(a: End, b: End): End {
  return a.atMs <= b.atMs ? a : b;
}

/** Since when the instance can't get better: its start has failed, or a part that it needs has ended. */
function lostSince(view: TrialView, instance: string): End | undefined {
  const states = eventsOf(view, "platform.state", instance);
  const failed = states.find(({ details }) => details === "CancellingStartup");
  if (failed !== undefined) return { atMs: failed.tMs, why: "the start was cancelled" };
  const needed = new Set([view.mainContainer, ...view.sidecars.map(({ container }) => container)]);
  for (const container of needed) {
    const exit = eventsOf(view, "container.exited", instance).findLast((one) => one.container === container);
    if (exit === undefined || exit.tMs < lastStart(view, instance, container)) continue;
    return { atMs: exit.tMs, why: `container "${container}" has ended` };
  }
  return undefined;
}

function startedAt(view: TrialView, instance: string): number | undefined {
  return eventsOf(view, "platform.state", instance).findLast(({ details }) => details === "Started")?.tMs;
}

function stateOf(view: TrialView, instance: string): string | undefined {
  return eventsOf(view, "platform.state", instance).at(-1)?.details;
}

/** Nothing that its last look has shown changes any more, but by ticks. */
function isFinal(view: TrialView, { instance, container, look }: WatchedSidecar): boolean {
  if (look === undefined || look.tMs < lastStart(view, instance, container)) return false;
  const { health, metadata, metrics } = look.snapshot;
  if (health !== 204 || metadata === null || metrics === null) return false;
  const missing = new Set(look.readiness.missing.map(({ component }) => component));
  // A component that failed is not tried again for a minute; a binding that was refused never is.
  return look.readiness.inputBindings.every(
    ({ component, state }) => state !== "inactive" || missing.has(component),
  );
}

function mayBeAsked(view: TrialView, sidecar: WatchedSidecar): boolean {
  if (isFinal(view, sidecar)) return false;
  const { instance, container } = sidecar;
  const healthz = eventsOf(view, "probe.changed", instance).findLast(
    (one) => one.container === container && one.probe === "healthz",
  );
  return healthz?.status === 204;
}

function isDue(view: TrialView, sidecar: WatchedSidecar): boolean {
  const since = view.nowMs - (sidecar.look?.tMs ?? -Infinity);
  return mayBeAsked(view, sidecar) && since >= LOOK_INTERVAL_MS;
}

/** The cron bindings that daprd reads, by its last look. */
export function cronBindingsOf({ files, look }: WatchedSidecar): readonly DaprComponent[] {
  const read = new Set(
    look?.readiness.inputBindings
      .filter(({ state }) => state === "active" || state === "unproven")
      .map(({ component }) => component),
  );
  return files
    .flatMap(({ components }) => components)
    .filter((one) => one.type === "bindings.cron" && isInputBinding(one) === "yes" && read.has(one.name));
}

/** When the last awaited tick was seen; before it was: when it is given up. */
function lastTick(
  view: TrialView,
  {
    sidecar: { instance, container },
    component,
    readyMs,
  }: { readonly sidecar: WatchedSidecar; readonly component: DaprComponent; readonly readyMs: number },
): End {
  const { ticks: count } = view.limits;
  const had: End = { atMs: readyMs, why: "the site is ready, and has had its ticks" };
  if (count <= 0) return had;
  const seen = eventsOf(view, "tick", instance).filter(
    (tick) => tick.container === container && tick.component === component.name && tick.tMs > readyMs,
  );
  const last = seen[count - 1];
  if (last !== undefined) return { ...had, atMs: last.tMs };
  const schedule = parseCronSchedule(component.metadata["schedule"] ?? "");
  if (schedule.kind === "fault") return had;
  let dueMs: number | undefined = view.originWallMs + readyMs;
  for (let tick = 0; tick < count && dueMs !== undefined; tick++) dueMs = nextTick(schedule, dueMs);
  if (dueMs === undefined) return had;
  const atMs = dueMs - view.originWallMs + TICK_SLACK_MS;
  // One that fires daily shows nothing, however long it is awaited.
  if (atMs > readyMs + view.limits.settleMs)
    return { ...had, why: "the site is ready, and no tick is due soon" };
  return {
    atMs,
    why: `ticks of "${component.name}" did not come`,
  };
}

function lastStart(view: TrialView, instance: string, container: string): number {
  const start = eventsOf(view, "container.started", instance).findLast((one) => one.container === container);
  return start?.tMs ?? 0;
}

function lastOfSchedule(view: TrialView): number {
  return Math.max(
    lastOf(view, "schedule.step"),
    lastOf(view, "container.started"),
    lastOf(view, "fault.healed"),
  );
}

function lastOf(view: TrialView, type: TimelineEvent["type"]): number {
  return view.events.findLast((event) => event.type === type)?.tMs ?? 0;
}

function eventsOf<T extends TimelineEvent["type"]>(view: TrialView, type: T, instance: string): EventOf<T>[] {
  return view.events.filter(
    (event): event is EventOf<T> => event.type === type && event.instance === instance,
  );
}
