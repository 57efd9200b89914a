import type { RunRecord } from "../contracts/run-record.ts";
import type { TimelineEvent } from "../timeline/events.ts";

/** A thing that happened in a run, reduced to what can be compared with another run's. */
export interface Happened {
  /** Milliseconds after the schedule began. */
  readonly atMs: number;
  /** For a person: `dapr exited (1)`. */
  readonly what: string;
}

/** One line of two timelines side by side. */
export interface DivergenceLine {
  readonly held?: Happened;
  readonly failed?: Happened;
  /** The two are the same thing at about the same time. */
  readonly same: boolean;
}

/** Where the timeline of a run that fails leaves that of one that holds. */
export interface Divergence {
  readonly heldRunDirectory: string;
  /** One sentence. */
  readonly first: string;
  /** A dozen at most: what came just before the first difference, it, and what came after. */
  readonly lines: readonly DivergenceLine[];
}

/** Times differ by this from run to run without a meaning, at least… */
const TOLERATED_MS = 1000;
/** …or by this share of them. */
const TOLERATED_SHARE = 0.25;
const LINES_BEFORE = 4;
const LINES_IN_ALL = 12;
/** From here up a port is the kernel's choice (daprd's internal one, too): another one in each run. */
const CHOSEN_PORTS = 32_768;

/**
 * The first difference between a run that holds and one that fails. Events are aligned by what they are of and how often it
 * happened before; times may differ a little. `undefined`: there is none.
 */
export function divergenceOf(held: RunRecord, failed: RunRecord): Divergence | undefined {
  const lines = align(happenings(held), happenings(failed));
  const at = lines.findIndex(({ same }) => !same);
  const first = lines[at];
  if (first === undefined) return undefined;
  return {
    heldRunDirectory: held.runDirectory,
    first: describeFirst(first),
    lines: lines.slice(Math.max(0, at - LINES_BEFORE)).slice(0, LINES_IN_ALL),
  };
}

function happenings({ events, observedUntilMs }: RunRecord): readonly Happened[] {
  const began = events.find(({ type }) => type === "schedule.began")?.tMs ?? 0;
  return events
    .filter(({ tMs }) => tMs >= began && tMs <= observedUntilMs)
    .flatMap((event) => {
      const what = describe(event);
      return what === undefined ? [] : [{ atMs: Math.round(event.tMs - began), what }];
    });
}

/** `undefined`: it tells nothing of the site's behaviour, or differs from run to run. */
function describe(event: TimelineEvent): string | undefined {
  switch (event.type) {
    case "container.started": {
      return `${event.container} started`;
    }
    case "container.exited": {
      return `${event.container} exited (${event.exitCode})`;
    }
    case "container.paused": {
      return `${event.container} paused`;
    }
    case "container.resumed": {
      return `${event.container} resumed`;
    }
    case "container.out-of-memory": {
      return `${event.container} out of memory (${event.process})`;
    }
    case "port.opened":
    case "port.closed": {
      if (event.port >= CHOSEN_PORTS && event.container === undefined) return undefined;
      return `port ${event.port} ${event.type === "port.opened" ? "open" : "closed"}`;
    }
    case "probe.changed": {
      return `${event.container} ${event.probe}: ${event.status ?? "no answer"}`;
    }
    case "component.loaded": {
      return `component ${event.component} loaded`;
    }
    case "component.gone": {
      return `component ${event.component} gone`;
    }
    case "tick": {
      return `tick of ${event.component} ${event.success ? "ok" : "failed"}`;
    }
    case "identity.requested": {
      return `identity answered ${event.status}`;
    }
    case "storage.request-failed": {
      return `storage answered ${event.method}: ${event.what}`;
    }
    case "blob.created": {
      return "blob created";
    }
    case "platform.state": {
      return `platform: ${event.state}${event.lastError === undefined ? "" : ` (${event.lastError})`}`;
    }
    case "front-end.trouble": {
      return `front end: ${event.kind}`;
    }
    case "fault.injected": {
      return `fault: ${event.what}`;
    }
    case "fault.healed": {
      return `healed: ${event.what}`;
    }
    case "phase":
    case "schedule.began":
    case "schedule.step":
    case "schedule.step-not-done":
    case "container.created":
    case "container.signalled":
    case "platform.log":
    case "rotation.changed":
    case "observer.failed":
    // Of a tick on the wire, or by the virtual clock, daprd's own count tells.
    case "exchange":
    case "exchange.open":
    case "tap.began":
    case "tap.gap":
    case "virtual.advanced":
    case "virtual.tick":
    case "route.probed":
      break;
  }
  return undefined;
}

/** The n-th of one run stands beside the n-th of the other; in the order of the earlier of their times. */
function align(held: readonly Happened[], failed: readonly Happened[]): readonly DivergenceLine[] {
  const ofFailed = Map.groupBy(failed, ({ what }) => what);
  const ofHeld = Map.groupBy(held, ({ what }) => what);
  return [...new Set([...ofHeld.keys(), ...ofFailed.keys()])]
    .flatMap((what) => {
      const [one, other] = [ofHeld.get(what) ?? [], ofFailed.get(what) ?? []];
      return Array.from({ length: Math.max(one.length, other.length) }, (_, index) =>
        lineOf(one[index], other[index]),
      );
    })
    .toSorted((a, b) => timeOf(a) - timeOf(b));
}

function lineOf(held: Happened | undefined, failed: Happened | undefined): DivergenceLine {
  return {
    ...(held === undefined ? {} : { held }),
    ...(failed === undefined ? {} : { failed }),
    same: held !== undefined && failed !== undefined && isAboutTheSame(held.atMs, failed.atMs),
  };
}

function isAboutTheSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(TOLERATED_MS, TOLERATED_SHARE * Math.max(one, other));
}

function timeOf({ held, failed }: DivergenceLine): number {
  return Math.min(held?.atMs ?? Infinity, failed?.atMs ?? Infinity);
}

function describeFirst({ held, failed }: DivergenceLine): string {
  if (held !== undefined && failed !== undefined) {
    return `${failed.what} at ${seconds(failed.atMs)} instead of ${seconds(held.atMs)}`;
  }
  if (failed !== undefined)
    return `${failed.what} at ${seconds(failed.atMs)}, which does not happen where it holds`;
  return `no ${held?.what ?? ""}, which happens at ${seconds(held?.atMs ?? 0)} where it holds`;
}

function seconds(ms: number): string {
  return `+${(ms / 1000).toFixed(2)} s`;
}

function cell(one: Happened | undefined): string {
  return one === undefined ? "-" : `${seconds(one.atMs).padStart(10)}  ${one.what}`;
}

/** A table: the run that holds on the left, the one that fails on the right, `≠` where they differ. */
export function formatDivergence({ first, lines, heldRunDirectory }: Divergence): readonly string[] {
  const width = Math.max("holds".length, ...lines.map(({ held }) => cell(held).length));
  return [
    `first difference: ${first}`,
    `  ${"holds".padEnd(width)}     fails`,
    ...lines.map(
      ({ held, failed, same }) => `  ${cell(held).padEnd(width)}  ${same ? " " : "≠"}  ${cell(failed)}`,
    ),
    `  the run that holds: ${heldRunDirectory}`,
  ];
}
