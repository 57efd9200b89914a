import { SitecarError } from "../errors/index.ts";
import { checkScheduleFaults } from "../faults/check-schedule-faults.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import { STORAGE } from "../schedule/schedule.ts";

/**
 * Looks at what of a schedule only the kinds of faults and the number of workers can tell.
 * @throws {SitecarError} SCHEDULE_INVALID, FAULT_UNKNOWN, FAULT_INVALID
 */
export function checkSchedule(
  { schedule, containers, storageAccounts }: Pick<SitePlan, "schedule" | "containers" | "storageAccounts">,
  workers: number,
): void {
  const names = containers.map(({ name }) => name);
  checkScheduleFaults(schedule, storageAccounts.length > 0 ? [STORAGE, ...names] : names);
  for (const [index, { worker = 0 }] of (schedule.steps ?? []).entries()) {
    if (worker < workers) continue;
    throw new SitecarError("SCHEDULE_INVALID", {
      message: `the schedule's steps[${index}].worker is ${worker}, and the site runs on ${workers === 1 ? "one worker" : `${workers} workers`}.`,
      remedy: `use a number from 0 to ${workers - 1}, or run the site on more instances.`,
    });
  }
}
