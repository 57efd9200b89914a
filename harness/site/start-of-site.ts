import type { SitePlan } from "../plan/site-plan.ts";
import { warmUp, type WarmUpOutcome } from "../platform/warm-up.ts";
import { Deadline } from "../shared/clock.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { describeSite } from "./describe.ts";
import {
  exitedDuringStart,
  platformEnded,
  warmUpTimedOut,
  type StartFailureContext,
} from "./errors-of-start.ts";
import type { ContainerExit, SiteContainer } from "./site-container.ts";
import { PLATFORM } from "./site-parts.ts";

export interface StartOfSite {
  readonly plan: SitePlan;
  readonly timeline: Timeline;
  readonly containers: ReadonlyMap<string, SiteContainer>;
  /** Where main's port is published. */
  readonly url: string;
  readonly runDirectory: string;
  /** Aborts when the run ends for another reason. */
  readonly signal: AbortSignal;
}

/**
 * The platform's start: pings main until it answers, within the start limit (A2.6); a container that ends meanwhile
 * cancels the start (A3.3).
 * @throws {SitecarError} WARM_UP_TIMED_OUT, CONTAINER_EXITED_DURING_START, PLATFORM_FAILED, or the signal's reason.
 */
export async function untilStarted(start: StartOfSite): Promise<void> {
  const { plan, timeline, signal } = start;
  const cancelled = new AbortController();
  const look = (exit: ContainerExit): void => {
    if (cancels(exit, start)) cancelled.abort(exit);
  };
  const unsubscribe = timeline.subscribe((event) => event.type === "container.exited" && look(event));
  for (const exit of timeline.of("container.exited")) look(exit);
  const limit = Deadline.in(plan.settings.startTimeLimitSeconds * 1000).signal();
  let outcome: WarmUpOutcome;
  try {
    outcome = await warmUp({
      url: start.url,
      settings: plan.settings,
      timeline,
      container: plan.mainContainer,
      signal: AbortSignal.any([limit, cancelled.signal, signal]),
    });
  } finally {
    unsubscribe();
  }
  if (outcome.warm) {
    timeline.record({ type: "phase", name: "site started" });
    return;
  }
  signal.throwIfAborted();
  if (cancelled.signal.aborted) {
    const exit: ContainerExit = cancelled.signal.reason;
    throw exit.container === PLATFORM
      ? platformEnded(exit.exitCode, failureContext(start, outcome))
      : exitedDuringStart(exit, failureContext(start, outcome));
  }
  throw warmUpTimedOut(
    { name: plan.mainContainer, port: plan.mainPort, limitSeconds: plan.settings.startTimeLimitSeconds },
    failureContext(start, outcome),
  );
}

function cancels(exit: ContainerExit, { plan }: StartOfSite): boolean {
  if (exit.asked) return false;
  if (exit.container === PLATFORM) return true;
  return (
    plan.settings.onContainerExitDuringStart === "cancel" &&
    plan.containers.some(({ name }) => name === exit.container)
  );
}

export function failureContext(start: StartOfSite, outcome?: WarmUpOutcome): StartFailureContext {
  const observations = describeSite(start.timeline, start.containers.values(), start.plan.mainContainer);
  return {
    runDirectory: start.runDirectory,
    ...(start.plan.resources === undefined ? {} : { resources: start.plan.resources }),
    observations:
      outcome === undefined
        ? observations.filter(({ label }) => label !== "last probe")
        : observations.map((observation) =>
            observation.label === "last probe"
              ? { ...observation, value: describeProbe(start, outcome) }
              : observation,
          ),
  };
}

function describeProbe({ plan }: StartOfSite, outcome: WarmUpOutcome): string {
  const answer = outcome.status === null ? outcome.detail : `HTTP ${outcome.status}`;
  const times = outcome.same > 1 ? ` (${outcome.same} × the same)` : "";
  return `GET ${plan.settings.warmUpPath} → ${answer}${times}`;
}
