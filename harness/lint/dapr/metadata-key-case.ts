import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { runtimeKeysOf } from "./runtime-keys.ts";

export const metadataKeyCase: Rule = {
  id: "SC115",
  name: "metadata-key-case",
  severity: "error",
  title: "This metadata is read in one spelling only, and it is not this one.",
  reason:
    "Most metadata are read in any case, but a few in one spelling only. An input binding with Route instead of route is posted to the path of its own name, which the app answers with 404, and nobody is told.",
  source: "daprd 1.18 pkg/runtime/processor/binding/binding.go and others; seen on 1.18.2",
  remedy: "Write the name in the spelling that is read.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "@hourly" }\n    - { name: direction, value: input }\n    - { name: Route, value: /internal/jobs }\n',
  *check(context) {
    for (const component of componentsOf(context)) {
      for (const { name, namePlace } of component.metadata) {
        const key = runtimeKeysOf(component.known?.type ?? component.type.text).find(
          (one) => one.isExact && one.name !== name && one.name.toLowerCase() === name.toLowerCase(),
        );
        if (key === undefined) continue;
        const effect = key.name === "route" ? `, so the route is /${component.name}` : "";
        yield {
          place: namePlace,
          message: `"${name}" is not read: the name is "${key.name}" in that spelling only${effect}.`,
          remedy: `Write ${key.name}.`,
        };
      }
    }
  },
};
