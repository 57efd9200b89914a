import type { Rule } from "../rule.ts";
import { isComponent, resourcesOf, shapeFaultOf } from "./component-view.ts";
import { fieldOf, scalarText, startOf } from "./yaml-nodes.ts";

export const componentWithoutName: Rule = {
  id: "SC104",
  name: "component-without-name",
  severity: "error",
  title: "The component has no name that daprd can use.",
  reason:
    "daprd drops a component without metadata.name without a word, and skips one whose name is . or .. or has / or % in it with a warning. It starts healthy without it.",
  source:
    "daprd 1.18 pkg/runtime/processor/components.go, pkg/internal/loader/disk/manifest.go; seen on 1.18.2",
  remedy: "Give metadata.name, of letters, digits, dots and hyphens.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  labels: { app: shop }\nspec:\n  type: bindings.cron\n",
  *check(context) {
    for (const resource of resourcesOf(context)) {
      if (!isComponent(resource) || shapeFaultOf(resource) !== undefined) continue;
      const { yaml, root, document } = resource;
      const metadata = fieldOf(yaml, root, "metadata");
      const name = fieldOf(yaml, metadata?.value, "name");
      const text = scalarText(name?.value) ?? "";
      const place = document.placeAt(startOf(name?.value ?? name?.key ?? metadata?.key ?? root));
      if (text === "") {
        yield {
          place,
          message: "this component has no metadata.name, so daprd drops it without a word.",
          remedy: "Add metadata.name.",
        };
      } else if (text === "." || text === ".." || /[/%]/.test(text)) {
        yield {
          place,
          message: `daprd skips a component of the name "${text}" with a warning: it has "." or ".." for a name, or "/" or "%" in it.`,
          remedy: "Use letters, digits, dots and hyphens.",
        };
      }
    }
  },
};
