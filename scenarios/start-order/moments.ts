import type { RunningSite } from "../../harness/site/running-site.ts";
import type { TimelineEvent } from "../../harness/timeline/events.ts";
import type { Moment } from "./cells.ts";

const MAIN_PORT = 9000;

const DAPR_PORT = 3500;

/**
 * Below what lies between two of the agent's looks at ports. A busy machine may let it see two ports open in one look, which tells
 * no order; then it is taken for the one that there can be, that main waits for daprd: in orders where it does not, daprd is
 * started when main was seen to listen.
 */
const LOOK_MS = 20;

/** The moments that a run has had so far, each at its first time, in their order. Milliseconds since the run began. */
export function momentsOf(site: RunningSite): Map<Moment, number> {
  const moments = new Map<Moment, number>();
  let daprOpenedAtMs: number | undefined;
  for (const event of site.timeline.events) {
    if (event.type === "port.opened" && event.port === DAPR_PORT) daprOpenedAtMs = event.tMs;
    const moment = momentOf(event);
    // What the metadata says holds since the port was open: components come first (daprd.md §1).
    const atMs = moment === "dapr serves" ? (daprOpenedAtMs ?? event.tMs) : event.tMs;
    if (moment !== undefined && !moments.has(moment)) moments.set(moment, atMs);
  }
  const [serves, listens] = [moments.get("dapr serves"), moments.get("main listens")];
  if (serves !== undefined && listens !== undefined && Math.abs(listens - serves) < LOOK_MS) {
    moments.set("main listens", serves + 0.001);
  }
  return new Map([...moments].toSorted(([, a], [, b]) => a - b));
}

/** The run has had each of these so far. */
export function hasHad(site: RunningSite, expected: readonly Moment[]): boolean {
  const moments = momentsOf(site);
  return expected.every((moment) => moments.has(moment));
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
