import type { Rule, RuleFinding, Severity } from "../rule.ts";
import { componentsOf, entryOf, type ComponentView } from "./component-view.ts";
import { directionsOf } from "./directions.ts";
import type { FoundType } from "./known-types.ts";
import { needsAWay, requiredOf } from "./required-metadata.ts";

export const metadataKeyMissing: Rule = {
  id: "SC113",
  name: "metadata-key-missing",
  severity: "error",
  title: "Metadata that the component type requires are missing.",
  reason:
    "A component without the metadata that it requires fails to initialise. daprd then exits with code 1, unless ignoreErrors is true, and that cancels the start of the site.",
  source: "components-contrib 1.18.3; each seen on daprd 1.18.2; A3.2",
  remedy: "Add the metadata.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: direction, value: input }\n",
  *check(context) {
    for (const component of componentsOf(context)) {
      const { known } = component;
      // A binding of which daprd starts no direction is not initialised at all, which another rule says.
      if (known === undefined || isIdle(component)) continue;
      const missing = requiredOf(known.type).filter(({ key }) => !has(component, known, key));
      for (const { key, severity } of missing) yield finding(component, key, severity);
      if (missing.length === 0 && needsAWay(known.type)) yield* incompleteWays(component, known);
    }
  },
};

function finding({ type, known }: ComponentView, key: string, severity: Severity): RuleFinding {
  const effect = severity === "error" ? "daprd exits without it" : "each use of it fails without";
  return {
    severity,
    place: type.place,
    message: `${known?.type ?? type.text} requires the metadata ${key}; ${effect}.`,
    remedy: `Add an entry of the name ${key} to spec.metadata.`,
  };
}

function* incompleteWays(component: ComponentView, known: FoundType): Iterable<RuleFinding> {
  const gaps = known.ways.map((way) => way.filter((key) => !has(component, known, key)));
  if (gaps.some(({ length }) => length === 0)) return;
  // What lacks least is what was meant; of equals the way of identity.
  const [smallest] = gaps.toSorted(
    (a, b) => secretsAmong(known, a) - secretsAmong(known, b) || a.length - b.length,
  );
  for (const key of smallest ?? []) yield finding(component, key, "error");
}

function secretsAmong({ keys }: FoundType, gap: readonly string[]): number {
  return gap.filter((name) => keys?.some((key) => key.name === name && key.sensitive)).length;
}

function isIdle(component: ComponentView): boolean {
  const stated = directionsOf(component);
  const possible = component.known?.directions ?? [];
  return stated !== undefined && possible.length > 0 && !stated.some((word) => possible.includes(word));
}

function has(component: ComponentView, known: FoundType, key: string): boolean {
  return entryOf(component, ...known.aliasesOf(key)) !== undefined;
}
