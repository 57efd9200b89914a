import type { Rule } from "../rule.ts";
import { componentsOf, entryOf } from "./component-view.ts";

export const bindingWithoutDirection: Rule = {
  id: "SC132",
  name: "binding-without-direction",
  severity: "warning",
  title: "An input binding does not say that it is one, so daprd asks the app.",
  reason:
    "Without direction daprd sends OPTIONS to the route and reads the binding only if the answer is 2xx or 405. Hono answers a route of app.post with 404, a guard with 401, a slow app not within 3 s: the binding is then silent for the life of the process, and one that fails keeps others from being asked.",
  source: "daprd 1.18 pkg/runtime/processor/binding/send.go; seen on 1.18.2",
  remedy: "Add an entry direction with the value input.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "@hourly" }\n',
  *check(context) {
    for (const component of componentsOf(context)) {
      const { known, namePlace, name } = component;
      if (known?.directions.includes("input") !== true) continue;
      if (entryOf(component, "direction") !== undefined) continue;
      const isTwoWay = known.directions.includes("output");
      yield {
        // It may well be meant for output only; then all is lost is one question to the app.
        ...(isTwoWay ? { severity: "note" as const } : {}),
        place: namePlace,
        message: isTwoWay
          ? `"${name}" can be read and written, and states no direction: daprd asks the app by OPTIONS whether to read it.`
          : `"${name}" is an input binding without direction: it is read only if the app answers OPTIONS with 2xx or 405.`,
        remedy: isTwoWay
          ? 'Add { name: direction, value: "input", "output" or "input, output" } to spec.metadata.'
          : "Add { name: direction, value: input } to spec.metadata.",
      };
    }
  },
};
