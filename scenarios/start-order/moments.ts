import type { RunningSite } from "../../harness/site/running-site.ts";
import type { TimelineEvent } from "../../harness/timeline/events.ts";
import type { Moment } from "./cells.ts";

const MAIN_PORT = 9000;

/** The moments that a run has had so far, each at its first time, in their order. Milliseconds since the run began. */
export function momentsOf(site: RunningSite): Map<Moment, number> {
  const moments = new Map<Moment, number>();
  for (const event of site.timeline.events.toSorted((a, b) => a.tMs - b.tMs)) {
    const moment = momentOf(event);
    if (moment !== undefined && !moments.has(moment)) moments.set(moment, event.tMs);
  }
  return moments;
}

function momentOf(event: TimelineEvent): Moment | undefined {
  if (event.type === "tick") return event.success ? "first tick" : undefined;
  if (event.type === "component.loaded") return event.component === "blob" ? "dapr serves" : undefined;
  if (event.type === "port.opened") return event.port === MAIN_PORT ? "main listens" : undefined;
  if (event.type !== "container.started" && event.type !== "container.exited") return undefined;
  const { container, type } = event;
  if (container !== "dapr" && container !== "main") return undefined;
  return `${container} ${type === "container.started" ? "starts" : "exits"}`;
}
