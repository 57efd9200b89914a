import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { knowsIdentity, literalSecretsOf } from "./credentials.ts";

export const keyInsteadOfIdentity: Rule = {
  id: "SC141",
  name: "key-instead-of-identity",
  severity: "warning",
  title: "A key stands in the component file where the site's managed identity would do.",
  reason:
    "The component can authenticate by the site's managed identity: no key to keep, leak or change. A key in the file is read by whoever has the image or the share.",
  source: "https://docs.dapr.io/developing-applications/integrations/azure/azure-authentication/; A6.1",
  remedy: "Take the key away and give the site's identity a role on the resource.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: files\nspec:\n  type: bindings.azure.blobstorage\n  version: v1\n  metadata:\n    - { name: accountName, value: shopfiles }\n    - { name: accountKey, value: c2VjcmV0 }\n    - { name: containerName, value: files }\n",
  *check(context) {
    for (const component of componentsOf(context)) {
      if (!knowsIdentity(component)) continue;
      for (const { name, valuePlace } of literalSecretsOf(component)) {
        yield {
          place: valuePlace,
          message: `the value of ${name} is a secret and stands in the file, though ${component.type.text} can use the site's managed identity.`,
          remedy:
            "Take it away and give the site's identity a role on the resource; else take it by secretKeyRef.",
        };
      }
    }
  },
};
