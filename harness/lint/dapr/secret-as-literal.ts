import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { knowsIdentity, literalSecretsOf } from "./credentials.ts";

export const secretAsLiteral: Rule = {
  id: "SC140",
  name: "secret-as-literal",
  severity: "warning",
  title: "A secret stands in the component file.",
  reason:
    "A component file is baked into an image or lies on a share: whoever can read either has the secret, and changing it means a new deployment.",
  source: "https://docs.dapr.io/operations/components/component-secrets/",
  remedy: "Take it by secretKeyRef from a secret store, or by envRef from an app setting.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: mail\nspec:\n  type: bindings.smtp\n  version: v1\n  metadata:\n    - { name: host, value: smtp.example.com }\n    - { name: port, value: "587" }\n    - { name: password, value: correct-horse }\n',
  *check(context) {
    for (const component of componentsOf(context)) {
      if (knowsIdentity(component)) continue;
      for (const { name, valuePlace } of literalSecretsOf(component)) {
        yield {
          place: valuePlace,
          message: `the value of ${name} is a secret and stands in the file.`,
          remedy: "Take it by secretKeyRef and auth.secretStore, or by envRef from an app setting.",
        };
      }
    }
  },
};
