import type { Rule } from "../rule.ts";
import { schedulesOf } from "./cron-schedule-of.ts";

/** Ticks closer together than this are hardly meant; field schedules can't go below it. */
const SHORT_MS = 1000;

export const cronBusyLoop: Rule = {
  id: "SC121",
  name: "cron-busy-loop",
  severity: "error",
  title: "The interval of the cron binding is zero, negative or absurdly short.",
  reason:
    "daprd does not round @every: @every 0s and @every -1s are taken and post to the app without a pause, more than a thousand times a second, and @every 1ms nearly as often. Ticks do not wait for one another.",
  source: "dapr/kit 0.18.2 cron/constantdelay.go; seen on 1.18.2",
  remedy: "Write an interval of a second or more.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "@every 0s" }\n    - { name: direction, value: input }\n',
  *check(context) {
    for (const { entry, text, schedule } of schedulesOf(context)) {
      if (schedule.kind !== "interval" || schedule.intervalMs >= SHORT_MS) continue;
      const { intervalMs } = schedule;
      yield {
        ...(intervalMs > 0 ? { severity: "warning" as const } : {}),
        place: entry.valuePlace,
        message:
          intervalMs > 0
            ? `"${text}" posts to the app ${Math.round(SHORT_MS / intervalMs)} times a second.`
            : `"${text}" posts to the app without a pause, for as long as daprd runs.`,
        remedy: "Write an interval of a second or more, for example @every 10s.",
      };
    }
  },
};
