import { isMap, visit, type Document, type Node } from "yaml";

import type { Rule, RuleFinding } from "../rule.ts";
import { resourcesOf, type ResourceView } from "./component-view.ts";
import { fieldOf, fieldsOf, scalarText, startOf } from "./yaml-nodes.ts";

/** Keys that every resource has once: twice, and two resources stand in one document. */
const ROOT_KEYS = ["apiVersion", "kind", "metadata", "spec"];

export const keyTwice: Rule = {
  id: "SC106",
  name: "key-twice",
  severity: "error",
  title: "A key stands twice in one mapping, and daprd keeps only the last.",
  reason:
    "daprd reads YAML leniently: of a key that stands twice the last counts and nothing is said. Where the line --- between two components is missing, the first of them is lost.",
  source: "daprd 1.18 with sigs.k8s.io/yaml 1.4 (not strict); seen on 1.18.2",
  remedy: "Put a line --- between two resources, and each key once.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: first\nspec:\n  type: bindings.cron\napiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: second\nspec:\n  type: bindings.cron\n",
  *check(context) {
    for (const resource of resourcesOf(context)) {
      if (resource.apiVersion?.text.startsWith("dapr.io/") !== true) continue;
      const double = doubles(resource.yaml, resource.root).find(({ name }) => ROOT_KEYS.includes(name));
      if (double === undefined) yield* withinOf(resource);
      else yield twoResources(resource, double.key);
    }
  },
};

function twoResources({ yaml, root, document }: ResourceView, key: Node): RuleFinding {
  const first = fieldsOf(yaml, root).find((field) => scalarText(field.key) === "metadata");
  const name = scalarText(fieldOf(yaml, first?.value, "name")?.value);
  return {
    place: document.placeAt(startOf(key)),
    message: `two resources stand in one document${name === undefined ? "" : `, and the first, "${name}", is lost`}: of a key that stands twice daprd keeps the last.`,
    remedy: "Put a line --- before this one.",
  };
}

function* withinOf({ yaml, document }: ResourceView): Iterable<RuleFinding> {
  const maps: Node[] = [];
  visit(yaml, { Map: (_, map) => void maps.push(map) });
  for (const map of maps) {
    for (const { name, key } of doubles(yaml, map)) {
      yield {
        place: document.placeAt(startOf(key)),
        message: `"${name}" stands twice in this mapping, and daprd keeps only the last.`,
        remedy: "Keep one of them; entries of a list each begin with a hyphen.",
      };
    }
  }
}

/** The second and later keys of a name. */
function doubles(yaml: Document.Parsed, map: Node): { name: string; key: Node }[] {
  if (!isMap(map)) return [];
  const seen = new Set<string>();
  return fieldsOf(yaml, map).flatMap(({ key }) => {
    const name = scalarText(key);
    if (name === undefined) return [];
    if (seen.has(name)) return [{ name, key }];
    seen.add(name);
    return [];
  });
}
