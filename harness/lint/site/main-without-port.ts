import type { Rule } from "../rule.ts";
import { mainOf, placeOf, settingOf } from "./site-view.ts";

export const mainWithoutPort: Rule = {
  id: "SC034",
  name: "main-without-port",
  severity: "note",
  title: "Main has no targetPort.",
  reason:
    "Requests and warm-up pings then go to port 80. az webapp sitecontainers update without --target-port sets it to null, so a port that was there can be gone.",
  source: "A1.3, A1.15, A2.5",
  remedy: "State the port that main listens on.",
  example: "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true }\n",
  *check({ site }) {
    const main = site === undefined ? undefined : mainOf(site);
    if (site === undefined || main === undefined || main.properties.targetPort !== undefined) return;
    // That rule says it already, and with the port that is meant.
    if (settingOf(site, "WEBSITES_PORT") !== undefined) return;
    yield {
      place: placeOf(site, "siteContainers", main.name),
      message: `"${main.name}" has no targetPort, so it has to listen on 80.`,
      remedy: 'Set "targetPort", and give --target-port at every az webapp sitecontainers update.',
    };
  },
};
