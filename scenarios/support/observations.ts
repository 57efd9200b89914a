import { Deadline } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import type { EventOf, EventType, TimelineEvent } from "../../harness/timeline/events.ts";

/**
 * The `nth` event of a type that `matches`; waits for it.
 * @param nth counted from 1; default 1.
 * @throws {SitecarError} WAIT_TIMED_OUT, or what ended the run.
 */
export async function untilEvent<T extends EventType>(
  site: RunningSite,
  type: T,
  { withinMs, nth = 1, matches = () => true }: UntilEventOptions<T>,
): Promise<EventOf<T>> {
  const isOne = (event: TimelineEvent): event is EventOf<T> => event.type === type;
  return await site.timeline.waitFor(
    (events) => events.filter(isOne).filter((event) => matches(event))[nth - 1],
    {
      deadline: Deadline.in(withinMs),
      description: `event ${nth} "${type}"`,
      signal: site.signal,
    },
  );
}

export interface UntilEventOptions<T extends EventType> {
  readonly withinMs: number;
  readonly nth?: number;
  readonly matches?: (event: EventOf<T>) => boolean;
}

/** When daprd found the app, in milliseconds since the epoch: from then on its healthz answers 204 (daprd.md §1). */
export function appFoundAtMs(site: RunningSite): number {
  const found = site.timeline
    .of("probe.changed")
    .find(({ probe, status }) => probe === "healthz" && status === 204);
  if (found === undefined) throw new Error("daprd has not found the app");
  return Date.parse(found.wall);
}
