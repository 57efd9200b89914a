import { neverFires } from "../../dapr/cron-ticks.ts";
import type { Rule } from "../rule.ts";
import { schedulesOf } from "./cron-schedule-of.ts";

export const cronNeverFires: Rule = {
  id: "SC122",
  name: "cron-never-fires",
  severity: "error",
  title: "The schedule names no date that exists.",
  reason:
    "daprd takes a schedule such as the 30th of February, finds no next time, and never posts; nothing is logged.",
  source: "dapr/kit 0.18.2 cron/spec.go",
  remedy: "Correct the day or the month.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "0 3 30 2 *" }\n    - { name: direction, value: input }\n',
  *check(context) {
    for (const { entry, text, schedule } of schedulesOf(context)) {
      if (schedule.kind !== "fields" || !neverFires(schedule)) continue;
      yield {
        place: entry.valuePlace,
        message: `"${text}" never fires: no date matches it.`,
        remedy: "Correct the day of month or the month.",
      };
    }
  },
};
