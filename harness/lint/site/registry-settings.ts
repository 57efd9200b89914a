import type { Rule } from "../rule.ts";
import { modeOf, placeOf } from "./site-view.ts";

export const registrySettings: Rule = {
  id: "SC010",
  name: "registry-settings",
  severity: "warning",
  title: "DOCKER_REGISTRY_SERVER_* is set in vain.",
  reason:
    "In the mode sitecontainers each container says itself how its image is pulled (authType and what belongs to it). These settings do nothing but reach every container as variables, password included.",
  source: "A1.13, A1.5, A1.6",
  remedy: "Remove them, and set authType on each container, best SystemIdentity or UserAssigned.",
  example:
    "siteContainers:\n  - name: main\n    properties: { image: example.azurecr.io/main:1, isMain: true, targetPort: 80 }\nappSettings: { DOCKER_REGISTRY_SERVER_URL: https://example.azurecr.io }\n",
  *check({ site }) {
    if (site === undefined || modeOf(site) === "docker" || site.definition.siteContainers.length === 0)
      return;
    for (const { name } of site.definition.appSettings) {
      if (!/^DOCKER_REGISTRY_SERVER_/i.test(name)) continue;
      yield {
        place: placeOf(site, "appSettings", name),
        message: `"${name}" plays no part in the pull, and every container that inherits gets it as a variable.`,
        remedy: "Remove it, and set authType on each container.",
      };
    }
  },
};
