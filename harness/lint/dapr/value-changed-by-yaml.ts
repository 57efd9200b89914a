import type { Rule, RuleFinding } from "../rule.ts";
import { componentsOf, resourcesOf, isComponent, type ComponentView } from "./component-view.ts";
import { changedByYaml, fieldOf, scalarText, startOf } from "./yaml-nodes.ts";

export const valueChangedByYaml: Rule = {
  id: "SC109",
  name: "value-changed-by-yaml",
  severity: "warning",
  title: "Without quotes, YAML makes another value of this than is written.",
  reason:
    "daprd reads YAML 1.1: n, y, yes, no, on and off are truth values, 010 is 8, 1.10 is 1.1. A component of the name n is called false, and nothing is found under the name that is written.",
  source: "YAML 1.1, https://yaml.org/type/; seen on daprd 1.18.2",
  remedy: "Put the value in quotes.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: n\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: '@hourly' }\n    - { name: direction, value: input }\n",
  *check(context) {
    for (const resource of resourcesOf(context)) {
      if (!isComponent(resource)) continue;
      const { yaml, root, document } = resource;
      const name = fieldOf(yaml, fieldOf(yaml, root, "metadata")?.value, "name")?.value;
      const written = changedByYaml(name);
      if (written !== undefined) {
        yield {
          place: document.placeAt(startOf(name)),
          message: `without quotes ${written} is read as ${scalarText(name)}, so the component is called "${scalarText(name)}".`,
          remedy: `Write "${written}" in quotes.`,
        };
      }
    }
    for (const component of componentsOf(context)) yield* valuesOf(component);
  },
};

function* valuesOf(component: ComponentView): Iterable<RuleFinding> {
  for (const { name, value, valueNode, valuePlace } of component.metadata) {
    const written = value === undefined ? undefined : changedByYaml(valueNode);
    if (written === undefined || value === undefined) continue;
    const known = component.known?.keys?.find((key) => key.name.toLowerCase() === name.toLowerCase());
    if (isMeant(written, value, known?.kind)) continue;
    const isSecret = known?.sensitive === true;
    yield {
      place: valuePlace,
      message: isSecret
        ? `without quotes YAML changes the value of ${name}.`
        : `without quotes ${written} is read as ${value}.`,
      remedy: isSecret ? "Put the value in quotes." : `Write "${written}" in quotes.`,
    };
  }
}

/** Another spelling of what is read: a truth value where one is wanted, a number in another notation. */
function isMeant(written: string, value: string, kind: string | undefined): boolean {
  if (value === "true" || value === "false") return kind === "bool" || written.toLowerCase() === value;
  const isOctal = /^[-+]?0[0-7_]+$/.test(written);
  return kind === "number" && !isOctal;
}
