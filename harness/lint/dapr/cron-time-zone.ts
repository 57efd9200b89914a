import type { Rule } from "../rule.ts";
import { schedulesOf } from "./cron-schedule-of.ts";

/** Go needs no file for these. */
const BUILT_IN = ["", "UTC", "Local"];

export const cronTimeZone: Rule = {
  id: "SC124",
  name: "cron-time-zone",
  severity: "note",
  title: "The schedule's time zone needs zone information in the sidecar's image.",
  reason:
    "daprd looks up a time zone in its image's /usr/share/zoneinfo. In an image without it, such as one from scratch, the schedule is fatal at start: unknown time zone, exit 1.",
  source: "dapr/kit 0.18.2 cron/parser.go; seen on 1.18.2 in an image from scratch",
  remedy: "See that the sidecar's image has zone information, or write the schedule in UTC.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "CRON_TZ=Europe/Berlin 0 3 * * *" }\n    - { name: direction, value: input }\n',
  *check(context) {
    for (const { entry, schedule } of schedulesOf(context)) {
      if (schedule.kind !== "fields" || BUILT_IN.includes(schedule.zone ?? "")) continue;
      yield {
        place: entry.valuePlace,
        message: `the time zone ${schedule.zone} must be in the sidecar's image, or daprd exits.`,
        remedy: "See that the image has tzdata, or write the schedule in UTC.",
      };
    }
  },
};
