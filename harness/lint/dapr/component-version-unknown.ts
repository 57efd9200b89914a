import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";

export const componentVersionUnknown: Rule = {
  id: "SC111",
  name: "component-version-unknown",
  severity: "error",
  title: "daprd has no such version of this component type.",
  reason:
    "spec.version is part of what daprd looks for: v1, v0 and none at all mean the default version, and a few types have a v2. Any other, also 1 without the v, is fatal at start (exit 1).",
  source: "daprd 1.18 pkg/components; seen on 1.18.2",
  remedy: "Write version: v1.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: 1\n  metadata:\n    - { name: schedule, value: "@hourly" }\n    - { name: direction, value: input }\n',
  *check(context) {
    for (const { type, version, known } of componentsOf(context)) {
      if (known === undefined || known.version !== undefined || version === undefined) continue;
      yield {
        place: version.place,
        message: `${type.text} has no version "${version.text}", so daprd exits.`,
        remedy: `Write version: ${known.versions.at(-1) ?? "v1"}.`,
      };
    }
  },
};
