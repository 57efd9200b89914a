import type { TimelineEvent } from "./events.ts";

/** So long an engine with nothing else to do takes for a start: the next one of the same time can't come earlier. */
const START_MS = 100;
/**
 * The same where another worker's programs come up beside it: with two workers on two processors and nothing else to do, a worker's
 * next start of the same time was 210 to 330 ms after its last.
 */
const START_BESIDE_OTHERS_MS = 150;

/** Storage is the whole site's, and its start one of the first instance's schedule. */
const FIRST_INSTANCE = "0-1";

/** How long the starts of one container in so many workers take an engine that has nothing else to do, in ms. */
export function startsTakeMs(workers: number): number {
  return workers <= 1 ? START_MS : workers * START_BESIDE_OTHERS_MS;
}

/**
 * How late each start and step of a schedule was, in ms, in the record's order. Starts planned for the same time follow one
 * another; a worker's later ones are late by what passed since its one before, beyond what the starts take in all workers, and its
 * first by what passed since another worker's, beyond what one takes: it is one engine that starts them.
 */
export function scheduleLateness(events: readonly TimelineEvent[]): readonly number[] {
  const lateness: number[] = [];
  const lastAt = new Map<string, number>();
  const takesMs = startsTakeMs(workersOf(events));
  for (const event of events) {
    if (event.type === "schedule.step") lateness.push(event.latenessMs);
    if (event.type !== "container.started") continue;
    const { plannedMs, latenessMs, instance = FIRST_INSTANCE, tMs } = event;
    if (plannedMs === undefined || latenessMs === undefined) continue;
    const [own, all] = [`${instance} ${plannedMs}`, `${lifeOf(instance)} ${plannedMs}`];
    const since = (group: string, allowedMs: number): number | undefined => {
      const before = lastAt.get(group);
      return before === undefined ? undefined : Math.max(0, Math.round(tMs - before - allowedMs));
    };
    lateness.push(since(`of ${own}`, takesMs) ?? since(all, START_MS) ?? latenessMs);
    lastAt.set(`of ${own}`, tMs).set(all, tMs);
  }
  return lateness;
}

/** Each life has a schedule's beginning of its own. */
function lifeOf(instance: string): string | undefined {
  return instance.split("-").at(-1);
}

/** How many have a life; instances are named `<worker>-<life>`. */
function workersOf(events: readonly TimelineEvent[]): number {
  const started = events.filter(({ type }) => type === "container.started");
  return new Set(started.map(({ instance = FIRST_INSTANCE }) => instance.split("-").at(0))).size;
}
