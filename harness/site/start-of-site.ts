import type { SitePlan } from "../plan/site-plan.ts";
import type { InstanceState } from "../platform/life/instance-state.ts";
import { PLATFORM_WORDS } from "../platform/life/platform-words.ts";
import { platformMs } from "../platform/platform-clock.ts";
import { untilPortOpens } from "./until-port-opens.ts";
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

/** A process that something else in the container outlives may keep its output open. */
const LAST_LINES_MS = 5_000;

export interface StartOfSite {
  readonly plan: SitePlan;
  readonly timeline: Timeline;
  /** With storage. */
  readonly containers: readonly SiteContainer[];
  /** Where main's port is published. */
  readonly url: string;
  readonly runDirectory: string;
  /** See `RunParts`. */
  readonly economical: boolean;
  /** Aborts when the run ends for another reason. */
  readonly signal: AbortSignal;
}

/**
 * The platform's start: pings main until it answers, within the start limit (A2.6); a container that ends meanwhile
 * cancels the start (A3.3). Its state goes to `Started`, or to `CancellingStartup` with the last error.
 * @throws {SitecarError} WARM_UP_TIMED_OUT, CONTAINER_EXITED_DURING_START, PLATFORM_FAILED, or the signal's reason.
 */
export async function untilStarted(start: StartOfSite, state: InstanceState): Promise<void> {
  const { plan, timeline, signal } = start;
  const beganMs = timeline.now();
  const cancelled = new AbortController();
  const look = (exit: ContainerExit): void => {
    if (cancels(exit, start)) cancelled.abort(exit);
  };
  const unsubscribe = timeline.subscribe((event) => event.type === "container.exited" && look(event));
  for (const exit of timeline.of("container.exited")) look(exit);
  const limit = Deadline.in(platformMs(plan.settings.startTimeLimitSeconds, plan.settings)).signal();
  let outcome: WarmUpOutcome;
  state.enter("InitiatingSiteWarmUpProbe");
  state.enter("WaitingForSiteWarmUpProbeSuccess");
  try {
    outcome = await warmUp({
      url: start.url,
      settings: plan.settings,
      timeline,
      container: plan.mainContainer,
      ...(start.economical
        ? {
            untilNext: (stop) =>
              untilPortOpens(timeline, { port: plan.mainPort, settings: plan.settings }, stop),
          }
        : {}),
      signal: AbortSignal.any([limit, cancelled.signal, signal]),
    });
  } finally {
    unsubscribe();
  }
  const tookSeconds = (timeline.now() - beganMs) / 1000;
  if (outcome.warm) {
    state.enter("WarmUpProbeSucceeded");
    log(timeline, "INFO", PLATFORM_WORDS.probeSucceeded(tookSeconds));
    log(timeline, "INFO", PLATFORM_WORDS.started);
    timeline.record({ type: "phase", name: "site started" });
    state.enter("Started");
    return;
  }
  const exit: ContainerExit | undefined = cancelled.signal.aborted ? cancelled.signal.reason : undefined;
  tellFailure({ plan, timeline, state, tookSeconds, exit, stopped: signal.aborted });
  signal.throwIfAborted();
  if (exit !== undefined) {
    // Why it ended stands there.
    const ended = start.containers.find(({ name }) => name === exit.container);
    await ended?.untilLastLines(Deadline.in(LAST_LINES_MS).signal());
    throw exit.container === PLATFORM
      ? platformEnded(exit.exitCode, failureContext(start, outcome))
      : exitedDuringStart(exit, failureContext(start, outcome));
  }
  throw warmUpTimedOut(
    { name: plan.mainContainer, port: plan.mainPort, limitSeconds: plan.settings.startTimeLimitSeconds },
    failureContext(start, outcome),
  );
}

interface FailedStart {
  readonly plan: SitePlan;
  readonly timeline: Timeline;
  readonly state: InstanceState;
  readonly tookSeconds: number;
  /** What cancelled it; absent: the limit, or the run's end. */
  readonly exit: ContainerExit | undefined;
  readonly stopped: boolean;
}

/** The platform's word of a failed start, in its order (A3.3). */
function tellFailure({ plan, timeline, state, tookSeconds, exit, stopped }: FailedStart): void {
  if (stopped) state.failed("SiteStartupCancelled", "The site was stopped while it was starting.");
  else if (exit === undefined) {
    state.failed(
      "ContainerTimeout",
      `Container ${plan.mainContainer} did not answer on port ${plan.mainPort} within ${plan.settings.startTimeLimitSeconds} seconds.`,
    );
  } else {
    state.failed("ContainerStartupFailure", `Container ${exit.container} exited with ${exit.exitCode}.`);
    log(timeline, "INFO", PLATFORM_WORDS.terminating(plan.settings.stopTimeLimitSeconds), exit.container);
    log(timeline, "ERROR", PLATFORM_WORDS.terminatedDuringStart(exit.container), exit.container);
  }
  if (!stopped) {
    log(timeline, "ERROR", PLATFORM_WORDS.probeFailed(tookSeconds));
    log(timeline, "ERROR", PLATFORM_WORDS.failed);
  }
  state.enter("CancellingStartup");
}

function log(timeline: Timeline, level: "INFO" | "ERROR", line: string, container?: string): void {
  timeline.record({ type: "platform.log", level, line, ...(container === undefined ? {} : { container }) });
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
  const observations = describeSite(start.timeline, start.containers, start.plan.mainContainer);
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
