import type { Rule } from "../rule.ts";
import { mainOf, modeOf, placeOf, settingOf } from "./site-view.ts";

export const websitesPort: Rule = {
  id: "SC009",
  name: "websites-port",
  severity: "warning",
  title: "WEBSITES_PORT is set in vain.",
  reason:
    "In the mode sitecontainers the port comes from main's targetPort; WEBSITES_PORT is left over from single-container sites and does nothing but reach every container as a variable.",
  source: "A1.13; https://learn.microsoft.com/azure/app-service/configure-sidecar",
  remedy: "Remove it, and set main's targetPort.",
  example:
    "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true }\nappSettings: { WEBSITES_PORT: 8000 }\n",
  *check({ site }) {
    const setting = site === undefined ? undefined : settingOf(site, "WEBSITES_PORT");
    if (site === undefined || setting === undefined || modeOf(site) === "docker") return;
    const main = mainOf(site);
    if (main === undefined) return;
    const port = main.properties.targetPort;
    yield {
      place: placeOf(site, "appSettings", setting.name),
      message:
        port === setting.value.trim()
          ? `WEBSITES_PORT says ${port}, as "${main.name}"'s targetPort does; only the latter counts.`
          : `WEBSITES_PORT says ${setting.value}, but requests go to ${port === undefined ? "80, as no targetPort is set" : `"${main.name}"'s targetPort ${port}`}.`,
      remedy: `Remove it${port === undefined ? `, and set "targetPort": ${JSON.stringify(setting.value)} on "${main.name}"` : ""}.`,
    };
  },
};
