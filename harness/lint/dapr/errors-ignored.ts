import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";

export const errorsIgnored: Rule = {
  id: "SC152",
  name: "errors-ignored",
  severity: "note",
  title: "daprd starts healthy without this component when it fails.",
  reason:
    "With ignoreErrors a component that fails to initialise is left out: daprd runs, its health is 204, and calls to the component fail with 500. Hot reload tries again each 60 s.",
  source: "daprd 1.18 pkg/runtime/processor/components.go; seen on 1.18.2",
  remedy: "See that the app can do without it, or leave ignoreErrors out.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  ignoreErrors: true\n  metadata:\n    - { name: schedule, value: '@hourly' }\n    - { name: direction, value: input }\n",
  *check(context) {
    for (const { name, ignoreErrors } of componentsOf(context)) {
      if (!ignoreErrors.value) continue;
      yield {
        place: ignoreErrors.place,
        message: `when "${name}" fails to start, daprd is healthy without it and tries again each 60 s.`,
        remedy: "See that the app can do without it, or leave ignoreErrors out.",
      };
    }
  },
};
