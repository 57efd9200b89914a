import type { Rule } from "../rule.ts";
import { isUnknown, placeOf } from "./site-view.ts";

export const healthCheckPath: Rule = {
  id: "SC032",
  name: "health-check-path",
  severity: "error",
  title: "healthCheckPath is no path.",
  reason:
    "The platform asks main for this path each minute and takes only a 2xx for healthy, redirects not followed; instances that fail are taken out of the load balancer and replaced after an hour.",
  source: "A2.8; https://learn.microsoft.com/azure/app-service/monitor-instances-health-check",
  remedy: 'Write a path of main that answers 2xx by itself, for example "/healthz".',
  example: "siteConfig: { healthCheckPath: https://shop.azurewebsites.net/healthz }\n",
  complete: true,
  *check({ site }) {
    const path = site?.definition.siteConfig?.healthCheckPath ?? "";
    if (site === undefined || path === "" || isUnknown(path) || /^\/[^\s#]*$/.test(path)) return;
    yield {
      place: placeOf(site, "siteConfig", "healthCheckPath"),
      message: `healthCheckPath is ${JSON.stringify(path)}, which is no path.`,
      remedy: 'Start it with a slash, without scheme, host or fragment: "/healthz".',
    };
  },
};
