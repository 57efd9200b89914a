import type { SiteContainer } from "../../definition/site-definition.ts";
import type { Rule } from "../rule.ts";
import { daprContainers } from "./dapr-containers.ts";
import { isInfrastructure } from "./known-images.ts";
import { inherits, placeOf, quoted, settingOf, sidecarsOf } from "./site-view.ts";

/** Variables from which servers take the port they listen on. */
const PORT_SETTINGS = [
  "PORT",
  "ASPNETCORE_HTTP_PORTS",
  "ASPNETCORE_HTTPS_PORTS",
  "ASPNETCORE_URLS",
  "SERVER_PORT",
];

function overrides({ properties }: SiteContainer, setting: string): boolean {
  return properties.environmentVariables?.some(({ name }) => name === setting) === true;
}

export const inheritedPort: Rule = {
  id: "SC008",
  name: "inherited-port",
  severity: "warning",
  title: "An app setting such as PORT reaches sidecars, too.",
  reason:
    "Every app setting is inherited by every container. A sidecar that takes its port from PORT or ASPNETCORE_HTTP_PORTS then tries to listen where main does, and one of the two gets EADDRINUSE.",
  source: "A2.2, A1.7",
  remedy:
    "Remove the setting and set main's targetPort, or give the sidecars inheritAppSettingsAndConnectionStrings: false or a variable of their own.",
  example:
    "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true, targetPort: 8080 }\n  - name: api\n    properties: { image: shop/api:1, isMain: false, targetPort: 5000 }\nappSettings: { PORT: 8080 }\n",
  *check({ site }) {
    if (site === undefined) return;
    const dapr = daprContainers(site).map(({ container }) => container);
    for (const name of PORT_SETTINGS) {
      const setting = settingOf(site, name);
      if (setting === undefined) continue;
      const reached = sidecarsOf(site).filter(
        (sidecar) =>
          inherits(sidecar) &&
          !overrides(sidecar, setting.name) &&
          !dapr.includes(sidecar.name) &&
          !isInfrastructure(sidecar.properties.image),
      );
      if (reached.length === 0) continue;
      yield {
        place: placeOf(site, "appSettings", setting.name),
        message: `"${setting.name}" reaches ${quoted(reached.map((sidecar) => sidecar.name))}, too, which would listen where main does if they honour it.`,
        remedy: `Remove it and set main's targetPort, or give the sidecars a ${setting.name} of their own.`,
      };
    }
  },
};
