import type { Rule } from "../rule.ts";
import { mainOf, modeOf, placeOf, quoted, sidecarsOf } from "./site-view.ts";

export const sidecarsIgnored: Rule = {
  id: "SC011",
  name: "sidecars-ignored",
  severity: "error",
  title: "linuxFxVersion chooses a mode in which site containers are ignored.",
  reason:
    "Site containers are started only where linuxFxVersion is sitecontainers, in any case. With DOCKER|… or COMPOSE|… the resources exist, no error is shown, and no sidecar starts.",
  source: "A1.11; https://learn.microsoft.com/azure/app-service/configure-sidecar",
  remedy:
    'Set "linuxFxVersion": "sitecontainers", or run az webapp sitecontainers convert --mode sitecontainers.',
  example:
    "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true, targetPort: 80 }\n  - name: redis\n    properties: { image: redis:7, isMain: false }\nsiteConfig: { linuxFxVersion: DOCKER|shop/main:1 }\n",
  *check({ site }) {
    if (site === undefined || site.definition.siteContainers.length === 0) return;
    const mode = modeOf(site);
    const version = site.definition.siteConfig?.linuxFxVersion ?? "";
    const place = placeOf(site, "siteConfig", "linuxFxVersion");
    const remedy = 'Write "sitecontainers".';
    if (mode === "docker") {
      const sidecars = sidecarsOf(site).map(({ name }) => name);
      const what =
        sidecars.length === 0 ? "the site containers are" : `${quoted(sidecars)} will never start: they are`;
      yield {
        place,
        message: `linuxFxVersion is ${JSON.stringify(version)}, with which ${what} ignored.`,
        remedy,
      };
    }
    const main = mainOf(site);
    if (mode === "code" && main !== undefined) {
      yield {
        place,
        severity: "warning",
        message: `linuxFxVersion is ${JSON.stringify(version)}, which runs code as main, but "${main.name}" has isMain: true.`,
        remedy: 'Write "sitecontainers", or set isMain: false on every container.',
      };
    }
  },
};
