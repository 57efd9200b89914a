import type { Rule, RuleFinding } from "../rule.ts";
import { entryOf, type ComponentView, componentsOf } from "./component-view.ts";
import { directionsOf } from "./directions.ts";
import type { FoundType, KnownKey } from "./known-types.ts";

export const metadataKeyMissing: Rule = {
  id: "SC113",
  name: "metadata-key-missing",
  severity: "error",
  title: "Metadata that the component type requires are missing.",
  reason:
    "A component without the metadata that it requires fails to initialise. daprd then exits with code 1, unless ignoreErrors is true, and that cancels the start of the site.",
  source: "components-contrib 1.18.3, metadata.yaml of each component; A3.2",
  remedy: "Add the metadata.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: direction, value: input }\n",
  *check(context) {
    for (const component of componentsOf(context)) {
      const { known } = component;
      if (known?.keys === undefined || !known.isStable) continue;
      const missing = known.keys.filter(
        (key) => isNeeded(component, key) && !has(component, known, key.name),
      );
      for (const key of missing) yield finding(component, key.name);
      if (missing.length === 0) yield* incompleteWays(component, known);
    }
  },
};

function finding({ type, known }: ComponentView, key: string): RuleFinding {
  return {
    place: type.place,
    message: `${known?.type ?? type.text} requires the metadata ${key}.`,
    remedy: `Add an entry of the name ${key} to spec.metadata.`,
  };
}

/** An Azure component needs, for each way to authenticate, something that is not a credential, too. */
function* incompleteWays(component: ComponentView, known: FoundType): Iterable<RuleFinding> {
  if (!known.profiles.includes("azuread") || known.ways.length === 0) return;
  const gaps = known.ways.map((way) => way.filter((key) => !has(component, known, key)));
  if (gaps.some(({ length }) => length === 0)) return;
  const [smallest] = gaps.toSorted((a, b) => a.length - b.length || isSecret(known, a) - isSecret(known, b));
  for (const key of smallest ?? []) yield finding(component, key);
}

/** The way of identity comes first. */
function isSecret({ keys }: FoundType, gap: readonly string[]): number {
  return gap.filter((name) => keys?.some((key) => key.name === name && key.sensitive)).length;
}

function isNeeded(component: ComponentView, key: KnownKey): boolean {
  if (key.required === "yes") return true;
  if (key.required === "no") return false;
  const direction = key.required === "for input" ? "input" : "output";
  return directionsOf(component)?.includes(direction) === true;
}

function has(component: ComponentView, known: FoundType, key: string): boolean {
  return entryOf(component, ...known.aliasesOf(key)) !== undefined;
}
