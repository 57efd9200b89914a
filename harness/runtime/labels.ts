import { LABEL_TESTCONTAINERS_SESSION_ID } from "testcontainers";
import { currentRunner, formatRunner } from "./runner.ts";

/** Labels on every container, network and volume of a run; cleaning up goes by them alone. */
export const LABELS = {
  run: "sitecar.run",
  site: "sitecar.site",
  /** The name in the site (`main`, `dapr`, …) or the harness's part (`platform`, `storage`). */
  container: "sitecar.container",
  /** See {@link formatRunner}. */
  runner: "sitecar.runner",
  /** One test session or command, over all its processes; from {@link SESSION_VARIABLE}. */
  session: "sitecar.session",
  /** On a keeper: the control group that it holds and removes (see `createInstanceLimits`). */
  keeps: "sitecar.keeps",
} as const;

/** Set by a test run's parent process, inherited by its workers. */
export const SESSION_VARIABLE = "SITECAR_SESSION";

export interface RunIdentity {
  readonly runId: string;
  readonly site: string;
  /** See `startReaper`. */
  readonly reaperSession?: string | undefined;
}

export function runLabels(run: RunIdentity): Record<string, string> {
  const session = process.env[SESSION_VARIABLE];
  return {
    [LABELS.run]: run.runId,
    [LABELS.site]: run.site,
    [LABELS.runner]: formatRunner(currentRunner()),
    ...(session === undefined ? {} : { [LABELS.session]: session }),
    ...(run.reaperSession === undefined ? {} : { [LABEL_TESTCONTAINERS_SESSION_ID]: run.reaperSession }),
  };
}
