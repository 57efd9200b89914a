import type { ScheduleValue } from "./schedule-value.ts";
import type { Cue, Moment } from "./step.ts";
import { unknownContainer } from "./unknown-container.ts";

/** The latest time a schedule may have: one day. A timer's range ends at 24.8 days and then fires at once. */
export const LATEST_MS = 24 * 60 * 60 * 1000;

const HIGHEST_PORT = 65_535;
/** A tick a second for as long as the longest schedule. */
const MOST_OFTEN = 86_400;

const SEEN = [
  "container-started",
  "container-exited",
  "port-opened",
  "app-found",
  "component-loaded",
  "tick",
  "blob-created",
  "site-started",
  "site-ready",
] as const satisfies Cue["seen"][];

/** @throws {SitecarError} SCHEDULE_INVALID, SCHEDULE_UNKNOWN_CONTAINER; both name the path of the bad value. */
export function checkMoment(written: ScheduleValue, containers: readonly string[]): Moment {
  const all = written.fields(["atMs", "after", "plusMs"]);
  const after = all.get("after");
  const atMs = all.get("atMs");
  if ((after === undefined) === (atMs === undefined)) {
    throw written.invalid('write either "atMs" or "after" with a cue.');
  }
  if (atMs !== undefined) {
    written.fields(["atMs"]);
    return { atMs: atMs.number(0, LATEST_MS) };
  }
  if (after === undefined) throw new TypeError("one of both is there");
  const plusMs = all.get("plusMs")?.number(0, LATEST_MS);
  return { after: checkCue(after, containers), ...(plusMs === undefined ? {} : { plusMs }) };
}

/** False only where both are times and the first is not the earlier one: of cues nobody can tell. */
export function isBefore(one: Moment, other: Moment): boolean {
  return !("atMs" in one && "atMs" in other) || one.atMs < other.atMs;
}

function checkCue(written: ScheduleValue, containers: readonly string[]): Cue {
  const all = written.fields(["seen", "container", "port", "component", "success", "ready", "count"]);
  const seen = all.get("seen")?.oneOf(SEEN);
  if (seen === undefined)
    throw written.invalid(`say what is to be seen: "seen" with one of ${SEEN.join(", ")}.`);
  switch (seen) {
    case "container-started":
    case "container-exited":
      written.fields(["seen", "container", "count"]);
      return { seen, container: containerOf(all.get("container"), written, containers), ...countOf(all) };
    case "port-opened": {
      written.fields(["seen", "port", "count"]);
      const port = all.get("port")?.whole(1, HIGHEST_PORT);
      if (port === undefined) throw written.invalid('add "port".');
      return { seen, port, ...countOf(all) };
    }
    case "app-found": {
      written.fields(["seen", "container", "count"]);
      const container = all.get("container");
      const named = container === undefined ? {} : { container: containerOf(container, written, containers) };
      return { seen, ...named, ...countOf(all) };
    }
    case "component-loaded": {
      written.fields(["seen", "component", "count"]);
      const component = all.get("component")?.text();
      if (component === undefined) throw written.invalid('add "component".');
      return { seen, component, ...countOf(all) };
    }
    case "tick": {
      written.fields(["seen", "component", "success", "ready", "count"]);
      const component = all.get("component")?.text();
      const success = all.get("success")?.boolean();
      return {
        seen,
        ...(component === undefined ? {} : { component }),
        ...(success === undefined ? {} : { success }),
        ...(all.get("ready")?.boolean() === true ? { ready: true } : {}),
        ...countOf(all),
      };
    }
    case "blob-created":
    case "site-started":
      written.fields(["seen", "count"]);
      return { seen, ...countOf(all) };
    case "site-ready":
      written.fields(["seen"]);
      return { seen };
    default:
      seen satisfies never;
      throw new TypeError("all cues are named above");
  }
}

type Fields = ReadonlyMap<string, ScheduleValue>;

function countOf(fields: Fields): { readonly count?: number } {
  const count = fields.get("count")?.whole(1, MOST_OFTEN);
  return count === undefined ? {} : { count };
}

function containerOf(
  field: ScheduleValue | undefined,
  cue: ScheduleValue,
  containers: readonly string[],
): string {
  if (field === undefined) throw cue.invalid('add "container".');
  const container = field.text();
  if (!containers.includes(container)) throw unknownContainer(container, containers, field.path);
  return container;
}
