import type { Rule, RuleFinding } from "../rule.ts";
import {
  componentsOf,
  isComponent,
  resourcesOf,
  shapeFaultOf,
  type ComponentView,
} from "./component-view.ts";
import { closestType, DAPR_VERSION, hasCategory } from "./known-types.ts";
import { fieldOf, scalarText, startOf } from "./yaml-nodes.ts";

export const componentTypeUnknown: Rule = {
  id: "SC110",
  name: "component-type-unknown",
  severity: "error",
  title: "daprd does not know this component type.",
  reason:
    "A type that daprd does not know is fatal at start: it exits with code 1, unless ignoreErrors is true, and that cancels the start of the site. What stands before the first dot must be a building block in lower case; the rest may be in any case. Name resolution is configured in a Configuration, not by a component.",
  source: "daprd 1.18 pkg/runtime/processor/components.go, cmd/daprd/components; seen on 1.18.2; A3.2",
  remedy: "Correct spec.type; the types are listed in Dapr's component reference.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: binding.cron\n",
  *check(context) {
    for (const resource of resourcesOf(context)) {
      if (!isComponent(resource) || shapeFaultOf(resource) !== undefined) continue;
      const { yaml, root, document } = resource;
      const spec = fieldOf(yaml, root, "spec");
      const type = fieldOf(yaml, spec?.value, "type");
      if ((scalarText(type?.value) ?? "") !== "") continue;
      yield {
        place: document.placeAt(startOf(type?.key ?? spec?.key ?? root)),
        message: "this component has no spec.type, so daprd exits.",
        remedy: "Add spec.type, for example bindings.cron.",
      };
    }
    for (const component of componentsOf(context)) yield* unknown(component);
  },
};

function* unknown({ type, known }: ComponentView): Iterable<RuleFinding> {
  if (known !== undefined) return;
  const closest = closestType(type.text);
  if (!hasCategory(type.text)) {
    yield {
      place: type.place,
      message: type.text.toLowerCase().startsWith("nameresolution.")
        ? `"${type.text}" is no component: daprd takes name resolution from a Configuration, and exits.`
        : `daprd knows no building block "${type.text.split(".", 1)[0]}" and exits.`,
      remedy:
        closest === undefined ? "Begin with a building block, for example bindings." : `Write ${closest}.`,
    };
    return;
  }
  yield {
    // A name that is like none could be a pluggable component's.
    ...(closest === undefined ? { severity: "warning" as const } : {}),
    place: type.place,
    message: `daprd ${DAPR_VERSION} has no component type "${type.text}"${closest === undefined ? ", and exits unless a pluggable component brings it" : " and exits"}.`,
    remedy: closest === undefined ? "Correct the type." : `Write ${closest}.`,
  };
}
