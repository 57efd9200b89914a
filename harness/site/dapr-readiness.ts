import { judgeReadiness, type Readiness } from "../dapr/readiness.ts";
import { takeSnapshot } from "../dapr/snapshot.ts";
import { SitecarError } from "../errors/index.ts";
import { Deadline, poll } from "../shared/clock.ts";
import type { DaprSide } from "./dapr-side.ts";
import { notReady } from "./errors-of-start.ts";
import { failureContext, type StartOfSite } from "./start-of-site.ts";

/**
 * Waits until every daprd has found its app, loaded every component of its files, and reads every input binding.
 * Ends early when a binding was refused, which lasts for the life of that daprd.
 * @throws {SitecarError} NOT_READY, or the signal's reason.
 */
export async function untilDaprReady(start: StartOfSite, dapr: DaprSide, withinMs: number): Promise<void> {
  const deadline = Deadline.in(withinMs);
  await Promise.all(
    [...dapr.allFiles().keys()].map(async (container) => {
      await untilAppFound(start, container, deadline);
      // daprd runs by now, so whatever its entrypoint makes of the files is done.
      await dapr.readAgain(container);
      await untilActive(start, dapr, { container, deadline });
    }),
  );
}

/** From the agent's probes, so that daprd's log is not filled with ours. */
async function untilAppFound(start: StartOfSite, container: string, deadline: Deadline): Promise<void> {
  const { timeline, signal } = start;
  const last = () =>
    timeline
      .of("probe.changed")
      .findLast((event) => event.container === container && event.probe === "healthz");
  try {
    await timeline.waitFor(() => (last()?.status === 204 ? true : undefined), {
      deadline,
      description: `daprd in "${container}" to find the app`,
      signal,
    });
  } catch (error) {
    if (!(error instanceof SitecarError) || error.code !== "WAIT_TIMED_OUT") throw error;
    const seen = last();
    const answer = seen === undefined ? "was not asked" : (seen.status ?? seen.detail);
    throw notReady([`${container}: daprd's healthz ${answer}`], deadline.budgetMs, failureContext(start));
  }
}

async function untilActive(
  start: StartOfSite,
  dapr: DaprSide,
  { container, deadline }: { readonly container: string; readonly deadline: Deadline },
): Promise<void> {
  const files = dapr.files(container);
  const reader = dapr.reader(container);
  let last: Readiness | undefined;
  await poll(
    async () => {
      last = judgeReadiness(files, await takeSnapshot(reader, start.signal));
      return last.ready || isRefused(last) ? last : undefined;
    },
    { deadline, intervalMs: 100, signal: start.signal },
  );
  if (last?.ready === true) return;
  const reasons =
    last === undefined
      ? [`${container}: daprd did not answer`]
      : [
          ...last.missing.map(({ component, reason }) => `component "${component}": ${reason}`),
          ...last.inputBindings
            .filter(({ state }) => state !== "active")
            .map(({ component, state, reason }) => `input binding "${component}" is ${state}: ${reason}`),
        ];
  throw notReady(reasons, deadline.elapsedMs, failureContext(start));
}

function isRefused({ inputBindings }: Readiness): boolean {
  return inputBindings.some(({ state }) => state === "refused");
}
