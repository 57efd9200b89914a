import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { certainValue, knowsIdentity } from "./credentials.ts";

const ENVIRONMENTS = ["AzurePublicCloud", "AzureChinaCloud", "AzureUSGovernmentCloud"];

export const azureEnvironment: Rule = {
  id: "SC142",
  name: "azure-environment",
  severity: "error",
  title: "There is no Azure cloud of this name.",
  reason:
    "An azureEnvironment that is not one of the three clouds is fatal at start: invalid Azure cloud, exit 1.",
  source: "components-contrib 1.18.3 common/authentication/azure/auth.go; seen on 1.18.2",
  remedy: "Write AzurePublicCloud, AzureChinaCloud or AzureUSGovernmentCloud, or leave it out.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: files\nspec:\n  type: bindings.azure.blobstorage\n  version: v1\n  initTimeout: 30s\n  metadata:\n    - { name: accountName, value: shopfiles }\n    - { name: containerName, value: files }\n    - { name: azureEnvironment, value: AzureGermanCloud }\n",
  *check(context) {
    for (const component of componentsOf(context)) {
      if (!knowsIdentity(component)) continue;
      const entry = certainValue(component, "azureEnvironment", "azureCloud");
      const value = entry?.value?.toLowerCase();
      if (entry === undefined || value === undefined) continue;
      // Each is known without its ending, too.
      if (
        ENVIRONMENTS.some((name) =>
          [name, name.replace(/Cloud$/, "")].join(" ").toLowerCase().split(" ").includes(value),
        )
      )
        continue;
      yield {
        place: entry.valuePlace,
        message: `there is no Azure cloud "${entry.value}", so daprd exits.`,
        remedy: `Write ${ENVIRONMENTS.join(", ")}, or leave ${entry.name} out.`,
      };
    }
  },
};
