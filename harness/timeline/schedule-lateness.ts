import type { TimelineEvent } from "./events.ts";

/** So long an engine with nothing else to do takes for a start: the next one of the same time can't come earlier. */
const START_MS = 100;

/** Storage is the whole site's, and its start one of the first instance's schedule. */
const FIRST_INSTANCE = "0-1";

/**
 * How late each start and step of a schedule was, in ms, in the record's order. Starts planned for the same time follow one
 * another; the later ones are late by what passed since the one before, beyond what a start takes.
 */
export function scheduleLateness(events: readonly TimelineEvent[]): readonly number[] {
  const lateness: number[] = [];
  const lastAt = new Map<string, number>();
  for (const event of events) {
    if (event.type === "schedule.step") lateness.push(event.latenessMs);
    if (event.type !== "container.started") continue;
    const { plannedMs, latenessMs, instance = FIRST_INSTANCE, tMs } = event;
    if (plannedMs === undefined || latenessMs === undefined) continue;
    // Of all workers: it is one engine that starts them.
    const group = `${lifeOf(instance)} ${plannedMs}`;
    const before = lastAt.get(group);
    lateness.push(before === undefined ? latenessMs : Math.max(0, Math.round(tMs - before - START_MS)));
    lastAt.set(group, tMs);
  }
  return lateness;
}

/** Instances are named `<worker>-<life>`; each life has a schedule's beginning of its own. */
function lifeOf(instance: string): string | undefined {
  return instance.split("-").at(-1);
}
