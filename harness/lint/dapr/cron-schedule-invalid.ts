import type { CronFault } from "../../dapr/cron-schedule.ts";
import type { Rule } from "../rule.ts";
import { schedulesOf } from "./cron-schedule-of.ts";

export const cronScheduleInvalid: Rule = {
  id: "SC120",
  name: "cron-schedule-invalid",
  severity: "error",
  title: "daprd's cron binding refuses this schedule.",
  reason:
    "A schedule has five fields (minute, hour, day of month, month, day of week) or six (the second before them), or is a descriptor: @hourly, @daily, @weekly, @monthly, @yearly, @every with a Go duration. Days of the week go from 0, Sunday, to 6. Anything else is fatal at start (exit 1).",
  source: "dapr/kit 0.18.2 cron/parser.go; seen on 1.18.2",
  remedy: "Write a schedule that the binding takes.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "*/5 * * *" }\n    - { name: direction, value: input }\n',
  *check(context) {
    for (const { entry, text, schedule } of schedulesOf(context)) {
      if (schedule.kind !== "fault") continue;
      yield {
        place: entry.valuePlace,
        message: `"${text.trimEnd()}" is no schedule: ${schedule.message}.`,
        remedy: remedyFor(text, schedule),
      };
    }
  },
};

function remedyFor(text: string, { message }: CronFault): string {
  if (text !== text.trim()) return "Take away the blanks or line breaks around it.";
  if (/^@every\b/i.test(text))
    return "Write @every and a Go duration, for example @every 1h30m; there are no days.";
  if (text.startsWith("@")) return "Write @hourly, @daily, @weekly, @monthly, @yearly or @every 10s.";
  if (message.startsWith("day of week 7")) return "Sunday is 0.";
  if (message.includes("time zone"))
    return "Write a name such as CRON_TZ=Europe/Berlin and the fields after it.";
  return "Write minute, hour, day of month, month and day of week, and before them perhaps the second.";
}
