import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { storageEndpointOf } from "./storage-endpoint.ts";

export const endpointWithAccount: Rule = {
  id: "SC145",
  name: "endpoint-with-account",
  severity: "error",
  title: "The endpoint has the account in it, and daprd adds it once more.",
  reason:
    "daprd goes to endpoint/account/container. An endpoint that already ends in the account, or begins with it as a host name does, makes a URL that storage does not know.",
  source: "components-contrib 1.18.3 common/component/azure/blobstorage/client.go",
  remedy: "Write the base URL without the account; for the account's public URL leave endpoint out.",
  example:
    "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: files\nspec:\n  type: bindings.azure.blobstorage\n  version: v1\n  initTimeout: 30s\n  metadata:\n    - { name: accountName, value: shopfiles }\n    - { name: containerName, value: files }\n    - { name: endpoint, value: 'https://shopfiles.blob.core.windows.net' }\n",
  *check(context) {
    for (const component of componentsOf(context)) {
      const endpoint = storageEndpointOf(component);
      const account = endpoint?.account?.toLowerCase();
      if (endpoint === undefined || account === undefined) continue;
      const { entry, url } = endpoint;
      const inHost = url.hostname.toLowerCase().startsWith(`${account}.`);
      const inPath = url.pathname.toLowerCase().split("/").includes(account);
      if (!inHost && !inPath) continue;
      yield {
        place: entry.valuePlace,
        message: `daprd adds the account to the endpoint, so it goes to ${url.href.replace(/\/$/, "")}/${account}/….`,
        remedy: inHost ? "Leave the endpoint out." : "Write it without the account.",
      };
    }
  },
};
