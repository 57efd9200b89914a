import { describePlace } from "../../definition/problems.ts";
import type { Rule } from "../rule.ts";
import type { ComponentView } from "./component-view.ts";
import { isRead } from "./directions.ts";
import { loadedTogether } from "./loaded-together.ts";
import { isFilledLater } from "./placeholders.ts";
import { postedPath } from "./route-rewritten.ts";

export const routeShared: Rule = {
  id: "SC131",
  name: "route-shared",
  severity: "warning",
  title: "Two input bindings post to one path.",
  reason:
    "The app can't tell which binding called: daprd posts both to the same route, and its requests name no binding.",
  source: "daprd 1.18 pkg/runtime/processor/binding/send.go",
  remedy: "Give each binding a route of its own.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: '@hourly' }\n    - { name: direction, value: input }\n---\napiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: night\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: '@daily' }\n    - { name: direction, value: input }\n    - { name: route, value: /jobs }\n",
  *check(context) {
    for (const { components } of loadedTogether(context)) {
      const first = new Map<string, ComponentView>();
      for (const component of components) {
        if (!isRead(component)) continue;
        const entry = component.metadata.find(({ name }) => name === "route");
        if (entry?.reference !== undefined || isFilledLater(entry?.value ?? "")) continue;
        const route = postedPath(
          entry?.value === undefined || entry.value === "" ? component.name : entry.value,
        );
        const before = first.get(route);
        if (before === undefined) {
          first.set(route, component);
          continue;
        }
        yield {
          place: entry?.valuePlace ?? component.namePlace,
          message: `"${component.name}" and "${before.name}" (${describePlace(before.namePlace)}) both post to ${route}.`,
          remedy: "Give each a route of its own.",
        };
      }
    }
  },
};
