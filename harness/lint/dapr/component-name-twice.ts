import { describePlace } from "../../definition/problems.ts";
import type { Rule } from "../rule.ts";
import type { ComponentView } from "./component-view.ts";
import { loadedTogether } from "./loaded-together.ts";

export const componentNameTwice: Rule = {
  id: "SC108",
  name: "component-name-twice",
  severity: "error",
  title: "Two components that one daprd loads have the same name.",
  reason:
    'daprd exits with "duplicate definition of Component name" and code 1, which cancels the start of the site. It looks at the scopes of the second only after that: scopes help only where the first is out of scope.',
  source: "daprd 1.18 pkg/internal/loader/disk/disk.go; seen on 1.18.2; A3.2",
  remedy: "Give each component a name of its own.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: '@hourly' }\n    - { name: direction, value: input }\n---\napiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: '@daily' }\n    - { name: direction, value: input }\n",
  *check(context) {
    for (const { components } of loadedTogether(context)) {
      const first = new Map<string, ComponentView>();
      for (const component of components) {
        const before = first.get(component.name);
        if (before === undefined) {
          first.set(component.name, component);
          continue;
        }
        const where = describePlace(before.namePlace);
        const isForAll = before.scopes.length === 0;
        yield {
          ...(isForAll ? {} : { severity: "warning" as const }),
          place: component.namePlace,
          message: isForAll
            ? `"${component.name}" is the name of another component, too (${where}), so daprd exits.`
            : `"${component.name}" is the name of another component, too (${where}), so daprd exits for the apps in its scopes: ${before.scopes.join(", ")}.`,
          remedy: "Give each component a name of its own.",
        };
      }
    }
  },
};
