import type { Rule, RuleFinding } from "../rule.ts";
import { componentsOf, type ComponentView } from "./component-view.ts";
import { certainValue, usesIdentity } from "./credentials.ts";
import { storageEndpointOf } from "./storage-endpoint.ts";

export const tokenOverHttp: Rule = {
  id: "SC144",
  name: "token-over-http",
  severity: "error",
  title: "A token is to be sent over plain http.",
  reason:
    "Azure's client never sends a token over plain http: authenticated requests are not permitted for non TLS protected (https) endpoints. At start that is fatal (exit 1), else every call fails with 500.",
  source: "azcore 1.11 policy_bearer_token.go; seen on daprd 1.18.2",
  remedy: "Write https, or authenticate by a key.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: files\nspec:\n  type: bindings.azure.blobstorage\n  version: v1\n  initTimeout: 30s\n  metadata:\n    - { name: accountName, value: shopfiles }\n    - { name: containerName, value: files }\n    - { name: endpoint, value: 'http://storage:10000' }\n",
  *check(context) {
    for (const component of componentsOf(context)) {
      if (usesIdentity(component)) yield* findingsOf(component);
    }
  },
};

function* findingsOf(component: ComponentView): Iterable<RuleFinding> {
  const isCosmos = /\.azure\.cosmosdb$/.test(component.known?.type ?? "");
  const entry =
    storageEndpointOf(component)?.entry ?? (isCosmos ? certainValue(component, "url") : undefined);
  if (entry?.value === undefined || !/^http:/i.test(entry.value)) return;
  yield {
    place: entry.valuePlace,
    message: `"${component.name}" authenticates by a token, which is never sent over plain http.`,
    remedy: "Write https, or give a key by secretKeyRef.",
  };
}
