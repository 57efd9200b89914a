import type { Cue } from "../schedule/step.ts";
import type { TimelineEvent } from "../timeline/events.ts";

/** What the record can tell of a cue. Whether a site is ready is asked of daprd itself. */
export type RecordedCue = Exclude<Cue, { readonly seen: "site-ready" }>;

/**
 * Looks for a cue in a run's record: for `Timeline.waitFor`, which asks again after every event.
 * @param worker events of its instances count, and those that are the whole site's.
 * @param since the first event that counts, by its `seq`.
 * @returns a function that gives the event at which the cue has been seen so many times as it asks for.
 */
export function cueMatcher(
  cue: RecordedCue,
  { worker, since }: { readonly worker: number; readonly since: number },
): (events: readonly TimelineEvent[]) => TimelineEvent | undefined {
  let next = since;
  let seen = 0;
  return (events) => {
    for (let event = events[next]; event !== undefined; event = events[next]) {
      next++;
      if (!isOfWorker(event, worker) || !shows(event, cue)) continue;
      if (++seen === (cue.count ?? 1)) return event;
    }
    return undefined;
  };
}

/** It happened in one of the worker's instances (`<worker>-<life>`), or is the whole site's. */
export function isOfWorker({ instance }: TimelineEvent, worker: number): boolean {
  return instance === undefined || instance.startsWith(`${worker}-`);
}

function shows(event: TimelineEvent, cue: RecordedCue): boolean {
  switch (cue.seen) {
    case "container-started":
      return event.type === "container.started" && event.container === cue.container;
    case "container-exited":
      return event.type === "container.exited" && event.container === cue.container;
    case "port-opened":
      return event.type === "port.opened" && event.port === cue.port;
    case "app-found":
      return (
        event.type === "probe.changed" &&
        event.probe === "healthz" &&
        event.status === 204 &&
        isOr(cue.container, event.container)
      );
    case "component-loaded":
      return event.type === "component.loaded" && event.component === cue.component;
    case "tick":
      return (
        event.type === "tick" && isOr(cue.component, event.component) && isOr(cue.success, event.success)
      );
    case "blob-created":
      return event.type === "blob.created";
    case "site-started":
      return event.type === "platform.state" && event.details === "Started";
    default:
      cue satisfies never;
      return false;
  }
}

/** What a cue leaves out matches anything. */
function isOr<T>(asked: T | undefined, given: T): boolean {
  return asked === undefined || asked === given;
}
