import type { Rule, RuleFinding } from "../rule.ts";
import type { ComponentView } from "./component-view.ts";
import { loadedTogether, type LoadedTogether } from "./loaded-together.ts";

export const secretStoreMissing: Rule = {
  id: "SC117",
  name: "secret-store-missing",
  severity: "error",
  title: "The component takes a value from a secret store that is not there.",
  reason:
    "Outside Kubernetes there is no default secret store. Without auth.secretStore the value stays empty, with one warning in the log. With the name of a store that is no component, daprd waits for it for ever: the component is never loaded, nothing fails, and daprd calls itself healthy.",
  source: "daprd 1.18 pkg/runtime/processor/secret/secret.go; seen on 1.18.2",
  remedy: "Name a secret store component of the same folder in auth.secretStore.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - name: schedule\n      secretKeyRef: { name: jobs-schedule, key: jobs-schedule }\n    - { name: direction, value: input }\n",
  *check(context) {
    for (const group of loadedTogether(context)) {
      for (const component of group.components) yield* findingsOf(component, group);
    }
  },
};

function* findingsOf(
  component: ComponentView,
  { components, isWhole }: LoadedTogether,
): Iterable<RuleFinding> {
  const entry = component.metadata.find(({ reference }) => reference?.kind === "secretKeyRef");
  const reference = entry?.reference;
  if (entry === undefined || reference === undefined) return;
  const store = component.secretStore?.text ?? "";
  if (store === "") {
    yield {
      place: reference.name.place,
      message: `"${component.name}" has no auth.secretStore, so ${entry.name} stays empty.`,
      remedy: "Add auth with secretStore, the name of a secret store component.",
    };
    return;
  }
  const isThere = components.some(
    ({ name, type }) => name === store && type.text.startsWith("secretstores."),
  );
  if (isThere) return;
  yield {
    ...(isWhole ? {} : { severity: "warning" as const }),
    place: component.secretStore?.place ?? component.namePlace,
    message: `there is no secret store "${store}" ${isWhole ? "here" : "among these files"}: without it daprd never loads "${component.name}", and does not say so.`,
    remedy: `Add a component "${store}" of a type secretstores.….`,
  };
}
