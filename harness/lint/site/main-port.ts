import type { Rule } from "../rule.ts";
import { mainOf, placeOf } from "./site-view.ts";

export const mainPort: Rule = {
  id: "SC015",
  name: "main-port",
  severity: "warning",
  title: "Main's targetPort is neither 80 nor 8080.",
  reason:
    "The documentation says that App Service looks for main on 80 and 8080 only; samples and support posts show other ports honoured. It works for many, on no promise.",
  source: "A2.4",
  remedy: "Let main listen on 80 or 8080.",
  example:
    "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true, targetPort: 9000 }\n",
  *check({ site }) {
    const main = site === undefined ? undefined : mainOf(site);
    const port = main?.properties.targetPort;
    if (site === undefined || main === undefined || port === undefined || ["80", "8080"].includes(port))
      return;
    yield {
      place: placeOf(site, "siteContainers", main.name, "targetPort"),
      message: `"${main.name}" listens on ${port}; only 80 and 8080 are documented for main.`,
      remedy: "Let it listen on 80 or 8080, or see on Azure that this port is honoured.",
    };
  },
};
