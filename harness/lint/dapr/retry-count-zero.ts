import type { Rule } from "../rule.ts";
import { componentsOf, entryOf } from "./component-view.ts";

export const retryCountZero: Rule = {
  id: "SC147",
  name: "retry-count-zero",
  severity: "warning",
  title: "retryCount 0 means three retries.",
  reason:
    "Azure's client takes 0 for its default, three retries: a call to storage that is down takes 8 to 10 s to fail. Dapr's documentation says that 0 means none; -1 does.",
  source: "azcore 1.11 policy_retry.go; seen on daprd 1.18.2",
  remedy: 'Write "-1" for none, or the number that is meant.',
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: files\nspec:\n  type: bindings.azure.blobstorage\n  version: v1\n  initTimeout: 30s\n  metadata:\n    - { name: accountName, value: shopfiles }\n    - { name: containerName, value: files }\n    - { name: retryCount, value: "0" }\n',
  *check(context) {
    for (const component of componentsOf(context)) {
      if (!/\.azure\.blobstorage$/.test(component.known?.type ?? "")) continue;
      // The old name wins over the new one.
      const old = component.metadata.find(({ name }) => name === "getBlobRetryCount");
      const entry = old ?? entryOf(component, "retryCount");
      if (entry?.value === undefined || !/^[-+]?0+$/.test(entry.value)) continue;
      yield {
        place: entry.valuePlace,
        message: `${entry.name} 0 means three retries, not none.`,
        remedy: 'Write "-1" for none, or "3" for what it does now.',
      };
    }
  },
};
