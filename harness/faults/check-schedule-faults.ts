import type { Schedule } from "../schedule/schedule.ts";
import { checkFault } from "./check-fault.ts";

/**
 * Looks at every fault that a schedule injects, before anything is started.
 * @param containers the site's, and storage if it has any.
 * @throws {SitecarError} FAULT_UNKNOWN, FAULT_INVALID; both name the step.
 */
export function checkScheduleFaults({ steps = [] }: Schedule, containers: readonly string[]): void {
  for (const [index, step] of steps.entries()) {
    if ("inject" in step) checkFault(step.inject, { path: `steps[${index}].inject`, containers });
  }
}
