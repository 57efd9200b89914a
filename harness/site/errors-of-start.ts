import { SitecarError, type Observation } from "../errors/index.ts";
import { formatMemory } from "../plan/app-service-plans.ts";
import type { PlannedResources } from "../plan/site-plan.ts";
import type { ContainerExit } from "./site-container.ts";

/** What the errors of a failed start share. */
export interface StartFailureContext {
  readonly observations: readonly Observation[];
  readonly runDirectory: string;
  /** What all containers share; absent: no limits. */
  readonly resources?: PlannedResources;
}

export function warmUpTimedOut(
  main: { readonly name: string; readonly port: number; readonly limitSeconds: number },
  context: StartFailureContext,
): SitecarError {
  return new SitecarError("WARM_UP_TIMED_OUT", {
    message: `main container "${main.name}" gave no HTTP answer on port ${main.port} in ${main.limitSeconds} s.`,
    observations: context.observations,
    remedy:
      "see which container did not do its part: main must listen on 0.0.0.0 at its targetPort, and what it waits for " +
      `must come up. WEBSITES_CONTAINER_START_TIME_LIMIT sets the limit. Run: ${context.runDirectory}`,
  });
}

export function exitedDuringStart(exit: ContainerExit, context: StartFailureContext): SitecarError {
  return new SitecarError("CONTAINER_EXITED_DURING_START", {
    message: `container "${exit.container}" ended with exit code ${exit.exitCode} before the site had started${exit.outOfMemory ? outOfMemory(context) : ""}.`,
    observations: context.observations,
    remedy:
      "read its last lines. A container that ends during the start cancels it (A3.3); the setting " +
      `onContainerExitDuringStart: "continue" lets the others go on. Run: ${context.runDirectory}`,
  });
}

function outOfMemory({ resources }: StartFailureContext): string {
  if (resources === undefined) return ", out of memory";
  const plan = resources.sku === "custom" ? "the instance" : `the plan ${resources.sku}`;
  return `, out of memory: ${plan} has ${formatMemory(resources.memoryBytes)} for all containers`;
}

export function notReady(
  reasons: readonly string[],
  withinMs: number,
  context: StartFailureContext,
): SitecarError {
  return new SitecarError("NOT_READY", {
    message: `the site started, but Dapr was not ready in ${(withinMs / 1000).toFixed(1)} s.`,
    observations: [
      ...reasons.map((reason) => ({ label: "missing", value: reason })),
      ...context.observations,
    ],
    remedy:
      "a component that is missing failed to initialise or its file was skipped; an inactive input binding was refused " +
      `by the app's answer to OPTIONS, or daprd has not found the app yet. Run: ${context.runDirectory}`,
  });
}

export function platformEnded(exitCode: number, context: StartFailureContext): SitecarError {
  return new SitecarError("PLATFORM_FAILED", {
    message: `the platform container, which owns the site's namespace, ended with exit code ${exitCode}.`,
    observations: context.observations,
    remedy: `this is a fault of the harness: read logs/platform.log in ${context.runDirectory}`,
  });
}

const START_FAILURES: ReadonlySet<string> = new Set(["WARM_UP_TIMED_OUT", "CONTAINER_EXITED_DURING_START"]);

/** The site did not start; anything else is the machine's or the harness's fault and is never tried again. */
export function isFailedStart(error: unknown): boolean {
  return error instanceof SitecarError && START_FAILURES.has(error.code);
}
