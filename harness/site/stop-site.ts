import type { Timeline } from "../timeline/timeline.ts";
import type { SiteContainer } from "./site-container.ts";

/** How one container ended when the site was stopped. */
export interface StopOutcome {
  readonly container: string;
  /** Absent where a single container was stopped. */
  readonly instance?: string;
  readonly exitCode: number;
  /** From the stop to the end. */
  readonly afterMs: number;
  /** It had not ended within the grace. */
  readonly killed: boolean;
}

const KILLED_BY_SIGKILL = 137;

/** SIGTERM to every running container at once, SIGKILL after each one's grace (A7.1; "at once" is a guess). */
export async function stopSite(
  containers: readonly SiteContainer[],
  timeline: Timeline,
): Promise<readonly StopOutcome[]> {
  const beganMs = timeline.record({ type: "phase", name: "site stopping" }).tMs;
  const outcomes = await Promise.all(
    containers.map(async (container): Promise<StopOutcome | undefined> => {
      const exit = await container.stop();
      if (exit === undefined) return undefined;
      return {
        container: container.name,
        exitCode: exit.exitCode,
        afterMs: Math.round(exit.tMs - beganMs),
        killed: exit.exitCode === KILLED_BY_SIGKILL,
      };
    }),
  );
  timeline.record({ type: "phase", name: "site stopped" });
  return outcomes.filter((outcome) => outcome !== undefined);
}
