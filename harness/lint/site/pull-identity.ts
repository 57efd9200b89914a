import type { LoadedSite } from "../../definition/loaded-site.ts";
import type { SiteContainer } from "../../definition/site-definition.ts";
import type { Rule } from "../rule.ts";
import { isUnknown, placeOf } from "./site-view.ts";

/** Why a container can't be pulled by the identity that it names; `undefined` when it can, or nobody knows. */
export function missingIdentity(
  site: LoadedSite,
  { properties }: SiteContainer,
): { readonly message: string; readonly remedy: string; readonly key: string } | undefined {
  const { identity } = site.definition;
  const known = site.origins.of("identity") !== undefined;
  if (properties.authType === "SystemIdentity" && known && !/SystemAssigned/.test(identity.type)) {
    return {
      key: "authType",
      message: "is pulled by the system-assigned identity, which the site has not.",
      remedy: 'Add SystemAssigned to the site\'s identity, or choose another "authType".',
    };
  }
  if (properties.authType !== "UserAssigned") return undefined;
  const client = properties.userManagedIdentityClientId ?? "";
  if (isUnknown(client)) return undefined;
  if (client === "") {
    return {
      key: "authType",
      message: "is pulled by a user-assigned identity, but names none.",
      remedy: 'Add "userManagedIdentityClientId".',
    };
  }
  const attached = Object.values(identity.userAssignedIdentities ?? {});
  if (
    !known ||
    (/UserAssigned/.test(identity.type) && attached.some(({ clientId }) => clientId === undefined))
  ) {
    return undefined;
  }
  if (attached.some(({ clientId }) => clientId?.toLowerCase() === client.toLowerCase())) return undefined;
  // A site whose identities are not listed says nothing about their ids.
  if (/UserAssigned/.test(identity.type) && attached.length === 0) return undefined;
  return {
    key: "userManagedIdentityClientId",
    message: `is pulled by the user-assigned identity ${JSON.stringify(client)}, which the site has not.`,
    remedy:
      "Attach that identity to the site, or write the client id (not the principal or resource id) of one it has.",
  };
}

export const pullIdentity: Rule = {
  id: "SC019",
  name: "pull-identity",
  severity: "error",
  title: "A container is pulled by an identity that the site has not.",
  reason:
    "The pull fails, and with it the start of the site. The Azure CLI skips such a container and still succeeds.",
  source: "A1.5, A1.14",
  remedy: "Give the site the identity, or choose another authType.",
  example:
    "siteContainers:\n  - name: main\n    properties: { image: example.azurecr.io/main:1, isMain: true, targetPort: 80, authType: SystemIdentity }\nidentity: { type: None }\n",
  *check({ site }) {
    for (const container of site?.definition.siteContainers ?? []) {
      const missing = site === undefined ? undefined : missingIdentity(site, container);
      if (site === undefined || missing === undefined) continue;
      yield {
        place: placeOf(site, "siteContainers", container.name, missing.key),
        message: `"${container.name}" ${missing.message}`,
        remedy: missing.remedy,
      };
    }
  },
};
