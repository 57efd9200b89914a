import type { Rule, RuleFinding } from "../rule.ts";
import { componentsOf, entryOf, type ComponentView } from "./component-view.ts";
import { directionsOf } from "./directions.ts";
import { isFilledLater } from "./placeholders.ts";

const DIRECTIONS = ["input", "output"];

export const bindingDirection: Rule = {
  id: "SC133",
  name: "binding-direction",
  severity: "error",
  title: "With this direction the binding does nothing.",
  reason:
    "daprd takes input and output, divided by commas, and ignores other words. A binding whose direction is none of those that its type can do is loaded, even with faulty metadata, and never works: a cron binding with direction output never fires, and nothing is logged.",
  source: "daprd 1.18 pkg/runtime/processor/binding/binding.go; seen on 1.18.2",
  remedy: "Write a direction that the type can do.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "@hourly" }\n    - { name: direction, value: output }\n',
  *check(context) {
    for (const component of componentsOf(context)) {
      if (component.type.text.startsWith("bindings.")) yield* findingsOf(component);
    }
  },
};

function* findingsOf(component: ComponentView): Iterable<RuleFinding> {
  const entry = entryOf(component, "direction");
  const stated = directionsOf(component);
  if (entry?.value === undefined || stated === undefined || isFilledLater(entry.value)) return;
  const unknown = stated.filter((word) => !DIRECTIONS.includes(word));
  const possible = component.known?.directions ?? DIRECTIONS;
  if (!stated.some((word) => possible.includes(word))) {
    const isUnknown = unknown.length === stated.length;
    yield {
      place: entry.valuePlace,
      message: isUnknown
        ? `"${entry.value}" is no direction, so daprd neither reads nor writes "${component.name}".`
        : `${component.type.text} can't do ${entry.value}, so "${component.name}" is loaded and does nothing.`,
      remedy: `Write ${possible.join(" or ")}.`,
    };
  } else if (unknown.length > 0) {
    yield {
      severity: "warning",
      place: entry.valuePlace,
      message: `daprd ignores "${unknown.join('", "')}" in this direction.`,
      remedy: "Write input, output, or both with a comma.",
    };
  }
}
