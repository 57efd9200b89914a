import type { CronFields } from "../../dapr/cron-schedule.ts";
import type { Rule } from "../rule.ts";
import { schedulesOf } from "./cron-schedule-of.ts";

export const cronBurst: Rule = {
  id: "SC123",
  name: "cron-burst",
  severity: "warning",
  title: "The schedule fires many times within one minute, and then not for long.",
  reason:
    "With six fields the first one is the second. A * or */n there beside a single minute means a burst: * 0 3 * * * fires sixty times at three o'clock, not once.",
  source: "dapr/kit 0.18.2 cron/parser.go",
  remedy: "Write 0 for the second, or leave the field out.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "* 0 3 * * *" }\n    - { name: direction, value: input }\n',
  *check(context) {
    for (const { entry, text, schedule } of schedulesOf(context)) {
      if (schedule.kind !== "fields" || !isBurst(text, schedule)) continue;
      yield {
        place: entry.valuePlace,
        message: `"${text}" fires ${schedule.seconds.size} times within one minute: the first of six fields is the second.`,
        remedy: "Write 0 for the second, or leave that field out.",
      };
    }
  },
};

function isBurst(text: string, { seconds, minutes }: CronFields): boolean {
  const [second = ""] = text.replace(/^(?:CRON_)?TZ=\S*\s+/, "").split(/\s+/, 1);
  return /^[*?]/.test(second) && seconds.size > 1 && minutes.size === 1;
}
