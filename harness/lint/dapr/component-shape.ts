import type { Node } from "yaml";

import type { Rule } from "../rule.ts";
import { isComponent, resourcesOf, shapeFaultOf, type ResourceView } from "./component-view.ts";
import { fieldOf, itemsOf, startOf } from "./yaml-nodes.ts";

export const componentShape: Rule = {
  id: "SC105",
  name: "component-shape",
  severity: "error",
  title: "A part of the component has another shape than daprd can decode, so it skips the component.",
  reason:
    "spec.metadata must be a list of name and value, scopes a list, ignoreErrors true or false without quotes. A component that can't be decoded costs a warning in daprd's log; daprd starts healthy without it.",
  source: "daprd 1.18 pkg/apis/components/v1alpha1/types.go; seen on 1.18.2",
  remedy: "Write spec.metadata and scopes as lists, ignoreErrors without quotes.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    schedule: "@every 10s"\n',
  *check(context) {
    for (const resource of resourcesOf(context)) {
      if (!isComponent(resource)) continue;
      const fault = shapeFaultOf(resource);
      if (fault === undefined) continue;
      const name = fault.path.join(".");
      yield {
        place: resource.document.placeAt(startOf(nodeAt(resource, fault.path))),
        message: `${name} is ${fault.found}, and daprd takes only ${fault.expected}: it skips this component with a warning.`,
        remedy: remedyFor(name, fault.expected),
      };
    }
  },
};

function nodeAt({ yaml, root }: ResourceView, path: readonly (string | number)[]): Node {
  let node: Node = root;
  for (const step of path) {
    const next = typeof step === "number" ? itemsOf(yaml, node)[step] : fieldOf(yaml, node, step)?.value;
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

function remedyFor(name: string, expected: string): string {
  if (/^spec\.metadata$/i.test(name)) return "Write a list: each entry with name and value.";
  return expected === "true or false" ? "Write true or false without quotes." : `Write ${expected}.`;
}
