import type { DaprComponent } from "../dapr/component-files.ts";
import { parseCronSchedule, type CronSchedule } from "../dapr/cron-schedule.ts";
import { nextTick } from "../dapr/cron-ticks.ts";

/** So many ticks of a schedule by the wall clock are looked at: the gaps of every pattern come again by then. */
const LOOKED_AT = 100;

/** The shortest time between two ticks of a cron binding; `undefined`: it is none, or has none. */
export function shortestBetweenTicks(
  components: readonly DaprComponent[],
  binding: string,
): number | undefined {
  const component = components.find(({ name, type }) => name === binding && type === "bindings.cron");
  const schedule =
    component === undefined ? undefined : parseCronSchedule(component.metadata["schedule"] ?? "");
  if (schedule === undefined || schedule.kind === "fault") return undefined;
  if (schedule.kind === "interval") return schedule.intervalMs > 0 ? schedule.intervalMs : undefined;
  return shortestGap(schedule);
}

function shortestGap(schedule: CronSchedule): number | undefined {
  let shortest: number | undefined;
  let before = nextTick(schedule, 0);
  for (let looked = 0; looked < LOOKED_AT && before !== undefined; looked++) {
    const next = nextTick(schedule, before);
    if (next !== undefined) shortest = Math.min(shortest ?? Infinity, next - before);
    before = next;
  }
  return shortest;
}
