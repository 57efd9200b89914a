import { describePlace } from "../../definition/problems.ts";
import type { Rule } from "../rule.ts";
import { componentsOf, type MetadataEntry } from "./component-view.ts";

export const metadataKeyTwice: Rule = {
  id: "SC116",
  name: "metadata-key-twice",
  severity: "error",
  title: "A component has the same metadata twice.",
  reason:
    "In two spellings it is fatal at start (key … is duplicate in the metadata, exit 1). In one spelling the last counts without a word, except for route, of which the first does.",
  source: "dapr/kit 0.18.2 metadata/utils.go, daprd 1.18 pkg/runtime/meta; seen on 1.18.2",
  remedy: "Keep one of them.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "@hourly" }\n    - { name: Schedule, value: "@daily" }\n    - { name: direction, value: input }\n',
  *check(context) {
    for (const { metadata } of componentsOf(context)) {
      const first = new Map<string, MetadataEntry>();
      for (const entry of metadata) {
        const before = first.get(entry.name.toLowerCase());
        if (before === undefined) {
          first.set(entry.name.toLowerCase(), entry);
          continue;
        }
        const where = describePlace(before.namePlace);
        const counts = entry.name === "route" ? "first" : "last";
        yield {
          ...(before.name === entry.name ? { severity: "warning" as const } : {}),
          place: entry.namePlace,
          message:
            before.name === entry.name
              ? `"${entry.name}" stands twice (${where}), and only the ${counts} counts.`
              : `"${entry.name}" and "${before.name}" (${where}) are one name to daprd, which exits.`,
          remedy: "Keep one of them.",
        };
      }
    }
  },
};
