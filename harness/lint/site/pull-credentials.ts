import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

export const pullCredentials: Rule = {
  id: "SC020",
  name: "pull-credentials",
  severity: "warning",
  title: "What a container needs for its pull does not fit its authType.",
  reason:
    "UserCredentials needs userName and passwordSecret, and every other authType passes them over: an image that is not public then can't be pulled.",
  source: "A1.5, A1.6",
  remedy: "Set userName and passwordSecret with UserCredentials, and with nothing else.",
  example:
    "siteContainers:\n  - name: main\n    properties: { image: example.azurecr.io/main:1, isMain: true, targetPort: 80, authType: UserCredentials, userName: shop }\n",
  *check({ site }) {
    for (const { name, properties } of site?.definition.siteContainers ?? []) {
      if (site === undefined) return;
      const { authType, userName = "", passwordSecret = "", userManagedIdentityClientId = "" } = properties;
      const place = placeOf(site, "siteContainers", name, "authType");
      if (authType === "UserCredentials" && (userName === "" || passwordSecret === "")) {
        const missing = [userName === "" ? "userName" : "", passwordSecret === "" ? "passwordSecret" : ""];
        yield {
          place,
          message: `"${name}" is pulled by UserCredentials without ${missing.filter((key) => key !== "").join(" and ")}.`,
          remedy: "Add what is missing, or pull by an identity.",
        };
      }
      if (authType !== undefined && authType !== "UserCredentials" && passwordSecret !== "") {
        yield {
          place,
          message: `"${name}" has a passwordSecret, but its authType ${authType} passes it over.`,
          remedy: 'Write "authType": "UserCredentials", or remove userName and passwordSecret.',
        };
      }
      if (authType !== undefined && authType !== "UserAssigned" && userManagedIdentityClientId !== "") {
        yield {
          place,
          message: `"${name}" names a user-assigned identity, but its authType ${authType} passes it over.`,
          remedy: 'Write "authType": "UserAssigned", or remove userManagedIdentityClientId.',
        };
      }
    }
  },
};
