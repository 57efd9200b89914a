import { LATEST_MS } from "../schedule/check-moment.ts";
import { Deadline } from "../shared/clock.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Worker } from "./worker.ts";

/**
 * The worker's instance has started and is ready, however long that takes: for a schedule's cue.
 * @throws {SitecarError} NOT_READY when a binding was refused for good; what ended the wait.
 */
export async function untilReadyAtLast(
  worker: Pick<Worker, "index" | "untilReady">,
  { timeline, ends }: { readonly timeline: Timeline; readonly ends: AbortSignal },
): Promise<void> {
  await timeline.waitFor(
    (events) =>
      events.some(
        (event) =>
          event.type === "platform.state" &&
          event.details === "Started" &&
          event.instance?.startsWith(`${worker.index}-`) === true,
      )
        ? true
        : undefined,
    { deadline: Deadline.in(LATEST_MS), description: "the site to start", signal: ends },
  );
  await worker.untilReady(LATEST_MS);
  ends.throwIfAborted();
}
