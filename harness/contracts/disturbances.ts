import { STORAGE } from "../schedule/schedule.ts";
import type { EventOf } from "../timeline/events.ts";
import { appFoundMs, livesOf, observed, type Life } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

/** A time in which something of the site was not to be had by no fault of the site's. */
export interface Disturbance {
  /** Without times: `"storage" is killed`, `fault storage-status`. */
  readonly what: string;
  /** `late`: not started yet, by the schedule. `outage`: everything else. */
  readonly kind: "late" | "outage";
  /** Absent: it is all instances'. */
  readonly instance?: string;
  readonly fromMs: number;
  /** Infinite: to the end of the observation. */
  readonly toMs: number;
  /** When what was away serves again, at the earliest {@link toMs}; infinite: not within the observation. */
  readonly backMs: number;
}

/** Storage tells nobody when it listens; it needs about one second. */
const STORAGE_UP_MS = 2000;

/** A kill's or stop's signal comes so shortly before the end that it causes, plus the site's grace. */
const SIGNAL_MS = 1000;

/** What the schedule, faults and the harness's user did to the site within the observation, in the order of its beginning. */
export function disturbancesOf(record: RunRecord): readonly Disturbance[] {
  const { plan, instances } = record;
  const ofInstances = instances.flatMap((instance) =>
    plan.containers.map(({ name }) => ({ container: name, instance })),
  );
  const all = [...ofInstances, ...(usesStorage(record) ? [{ container: STORAGE, instance: undefined }] : [])];
  return [
    ...faults(record),
    ...all.flatMap(({ container, instance }) => [
      ...pauses(record, container, instance),
      ...absences(record, container, instance),
    ]),
  ].toSorted((one, other) => one.fromMs - other.fromMs);
}

/** Those that touch an instance. */
export function disturbing(
  disturbances: readonly Disturbance[],
  instance: string | undefined,
): readonly Disturbance[] {
  return disturbances.filter((one) => one.instance === undefined || one.instance === instance);
}

function usesStorage({ events }: RunRecord): boolean {
  return events.some((event) => event.type === "container.created" && event.container === STORAGE);
}

function faults(record: RunRecord): readonly Disturbance[] {
  const healed = observed(record, "fault.healed");
  return observed(record, "fault.injected").map(({ id, tMs, fault, instance }) => {
    const toMs = healed.find((one) => one.id === id)?.tMs ?? Number.POSITIVE_INFINITY;
    return {
      what: `fault ${fault.fault}`,
      kind: "outage",
      ...(instance === undefined ? {} : { instance }),
      fromMs: tMs,
      toMs,
      backMs: toMs,
    };
  });
}

function pauses(record: RunRecord, container: string, instance: string | undefined): readonly Disturbance[] {
  const isOurs = (event: EventOf<"container.paused" | "container.resumed" | "container.exited">): boolean =>
    event.container === container && event.instance === instance;
  const ends = [...observed(record, "container.resumed"), ...observed(record, "container.exited")]
    .filter(isOurs)
    .toSorted((one, other) => one.tMs - other.tMs);
  return observed(record, "container.paused")
    .filter(isOurs)
    .map(({ tMs }) => {
      const toMs = ends.find((end) => end.tMs >= tMs)?.tMs ?? Number.POSITIVE_INFINITY;
      return disturbance(`"${container}" is paused`, { instance, fromMs: tMs, toMs, backMs: toMs });
    });
}

/** Before its first start, and from each end that was asked for to the next start. */
function absences(
  record: RunRecord,
  container: string,
  instance: string | undefined,
): readonly Disturbance[] {
  const lives = livesOf(record, container, instance);
  const [first] = lives;
  const signals = observed(record, "container.signalled").filter(
    (event) => event.container === container && event.instance === instance,
  );
  const graceMs = record.plan.settings.stopTimeLimitSeconds * 1000 + SIGNAL_MS;
  const startedMs = first?.fromMs ?? Number.POSITIVE_INFINITY;
  const late = disturbance(`"${container}" is not started yet`, {
    instance,
    kind: "late",
    fromMs: 0,
    toMs: startedMs,
    // How long the site's own take from their start is the site's affair.
    backMs: container === STORAGE ? startedMs + STORAGE_UP_MS : startedMs,
  });
  const ends = lives.flatMap(({ exit }, index) => {
    if (exit?.asked !== true) return [];
    const next = lives[index + 1];
    const sent = signals.find(({ tMs }) => tMs <= exit.tMs && tMs >= exit.tMs - graceMs);
    return [
      disturbance(`"${container}" is killed`, {
        instance,
        fromMs: sent?.tMs ?? exit.tMs,
        toMs: next?.fromMs ?? Number.POSITIVE_INFINITY,
        backMs: next === undefined ? Number.POSITIVE_INFINITY : servesMs(record, next),
      }),
    ];
  });
  return [late, ...ends];
}

interface Absence extends Pick<Disturbance, "fromMs" | "toMs" | "backMs"> {
  readonly kind?: Disturbance["kind"];
  readonly instance: string | undefined;
}

function disturbance(what: string, { instance, kind = "outage", ...times }: Absence): Disturbance {
  return { what, kind, ...(instance === undefined ? {} : { instance }), ...times };
}

/** When a started container serves: main its port, daprd its app, storage a little later; others at once. */
function servesMs(record: RunRecord, life: Life): number {
  const { plan } = record;
  const { container, instance, fromMs, toMs } = life;
  const ended = Number.POSITIVE_INFINITY;
  if (container === STORAGE) return fromMs + STORAGE_UP_MS;
  if (plan.daprSidecars.some((sidecar) => sidecar.container === container)) {
    return appFoundMs(record, life) ?? ended;
  }
  if (container !== plan.mainContainer) return fromMs;
  const opened = observed(record, "port.opened").find(
    (event) =>
      event.port === plan.mainPort && event.instance === instance && event.tMs >= fromMs && event.tMs <= toMs,
  );
  return opened?.tMs ?? ended;
}
