import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";

export const podName: Rule = {
  id: "SC119",
  name: "pod-name",
  severity: "error",
  title: "The value has {podName} in it, and there is no pod.",
  reason:
    "daprd replaces {podName} by the variable POD_NAME. App Service does not set it, and a component that refers to it is fatal at start (exit 1).",
  source: "daprd 1.18 pkg/runtime/meta/meta.go; seen on 1.18.2",
  remedy: "Take {appID} or {uuid}, or give the sidecar an app setting POD_NAME.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders\nspec:\n  type: pubsub.in-memory\n  version: v1\n  metadata:\n    - { name: consumerID, value: "orders-{podName}" }\n',
  *check(context) {
    if (context.site?.definition.appSettings.some(({ name }) => name === "POD_NAME") === true) return;
    for (const { metadata } of componentsOf(context)) {
      for (const { name, value, valuePlace } of metadata) {
        if (value?.includes("{podName}") !== true) continue;
        yield {
          place: valuePlace,
          message: `${name} refers to {podName}, which App Service does not know, so daprd exits.`,
          remedy: "Take {appID} or {uuid} instead.",
        };
      }
    }
  },
};
