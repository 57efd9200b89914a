import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { closestOf } from "./known-types.ts";
import { runtimeKeysOf } from "./runtime-keys.ts";

export const metadataKeyUnknown: Rule = {
  id: "SC112",
  name: "metadata-key-unknown",
  severity: "warning",
  title: "The component type reads no metadata of this name.",
  reason:
    "daprd and its components ignore metadata that they do not know without a word, so a slip of the hand leaves the default in force.",
  source: "components-contrib 1.18.3, metadata.yaml and source of each component",
  remedy: "Correct the name, or take the entry away.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "@hourly" }\n    - { name: direktion, value: input }\n',
  *check(context) {
    for (const { type, known, metadata } of componentsOf(context)) {
      if (known?.keys === undefined || !known.isStable) continue;
      const runtime = runtimeKeysOf(known.type);
      for (const { name, namePlace } of metadata) {
        const isRuntime = runtime.some((key) => key.name.toLowerCase() === name.toLowerCase());
        if (isRuntime || known.accepts(name)) continue;
        const meant = closestOf(
          name,
          [...known.keys, ...runtime].map((key) => key.name),
        );
        yield {
          place: namePlace,
          message: `${type.text} reads no metadata "${name}".`,
          remedy: meant === undefined ? "Take it away, or correct the name." : `Write ${meant}.`,
        };
      }
    }
  },
};
