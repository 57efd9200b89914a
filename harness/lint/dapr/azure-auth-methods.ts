import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { certainValue, knowsIdentity, usesIdentity } from "./credentials.ts";

const METHODS: readonly (readonly string[])[] = [
  ["clientcredentials", "creds"],
  ["clientcertificate", "cert"],
  ["workloadidentity", "wi"],
  ["spiffeworkloadidentity", "spiffe"],
  ["managedidentity", "mi"],
  ["commandlineinterface", "cli"],
  ["none"],
];

export const azureAuthMethods: Rule = {
  id: "SC143",
  name: "azure-auth-methods",
  severity: "error",
  title: "azureAuthMethods names no way to authenticate that daprd has.",
  reason:
    "A word that is none of the methods, and none where a token is needed, is fatal at start (exit 1). On App Service mi is the one that works without a secret.",
  source: "components-contrib 1.18.3 common/authentication/azure/auth.go",
  remedy: "Write mi, or leave it out.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: files\nspec:\n  type: bindings.azure.blobstorage\n  version: v1\n  initTimeout: 30s\n  metadata:\n    - { name: accountName, value: shopfiles }\n    - { name: containerName, value: files }\n    - { name: azureAuthMethods, value: msi }\n",
  *check(context) {
    for (const component of componentsOf(context)) {
      if (!knowsIdentity(component) || !usesIdentity(component)) continue;
      const names = component.known?.aliasesOf("azureAuthMethods") ?? [];
      const entry = certainValue(component, ...names);
      if (entry?.value === undefined || entry.value.trim() === "") continue;
      const words = entry.value
        .toLowerCase()
        .split(",")
        .map((word) => word.trim());
      const unknown = words.filter((word) => !METHODS.flat().includes(word));
      if (unknown.length === 0 && !words.includes("none")) continue;
      yield {
        place: entry.valuePlace,
        message:
          unknown.length > 0
            ? `"${unknown.join('", "')}" is no way to authenticate, so daprd exits.`
            : `"${component.name}" has no key, and none forbids every token, so daprd exits.`,
        remedy: "Write mi for the site's managed identity, or leave it out.",
      };
    }
  },
};
