import type { Rule } from "../rule.ts";
import { resourcesOf } from "./component-view.ts";
import { isRead } from "./directions.ts";
import { loadedTogether } from "./loaded-together.ts";
import { fieldOf, fieldsOf, scalarText, startOf } from "./yaml-nodes.ts";

export const retriedInput: Rule = {
  id: "SC162",
  name: "retried-input",
  severity: "note",
  title: "Under a retry policy an input binding must be answered with exactly 200.",
  reason:
    "With an inbound retry policy on a component daprd takes every status other than 200 for a failure: a handler that answers 204 or 202 is called again, as often as the policy says.",
  source: "daprd 1.18 pkg/runtime/processor/binding/send.go; seen on 1.18.2",
  remedy: "Let the handler answer 200.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: '@hourly' }\n    - { name: direction, value: input }\n---\napiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata:\n  name: resiliency\nspec:\n  policies:\n    retries:\n      thrice: { policy: constant, duration: 1s, maxRetries: 3 }\n  targets:\n    components:\n      jobs:\n        inbound: { retry: thrice }\n",
  *check(context) {
    const read = new Set(
      loadedTogether(context).flatMap(({ components }) => components.filter(isRead).map(({ name }) => name)),
    );
    for (const { kind, yaml, root, document } of resourcesOf(context)) {
      if (kind?.text !== "Resiliency") continue;
      const targets = fieldOf(yaml, fieldOf(yaml, root, "spec")?.value, "targets");
      for (const { key, value } of fieldsOf(yaml, fieldOf(yaml, targets?.value, "components")?.value)) {
        const name = scalarText(key) ?? "";
        const retry = fieldOf(yaml, fieldOf(yaml, value, "inbound")?.value, "retry");
        if (retry?.value === undefined || !read.has(name)) continue;
        yield {
          place: document.placeAt(startOf(retry.key)),
          message: `under this policy a handler of "${name}" that answers other than 200, also 204, is called again.`,
          remedy: "Let the handler answer exactly 200.",
        };
      }
    }
  },
};
