import { bindingRoute, isInputBinding } from "../../dapr/component-files.ts";
import type { Rule } from "../rule.ts";
import { daprContainers } from "./dapr-containers.ts";
import { isInfrastructure } from "./known-images.ts";
import { imageName, mainOf, placeOf, sidecarsOf } from "./site-view.ts";

/** Programs that stand in front of an app and may well keep a route from the internet. */
const PROXY = /envoy|nginx|haproxy|traefik|caddy|apache|httpd|yarp|gateway|proxy/;

export const bindingRouteIsPublic: Rule = {
  id: "SC036",
  name: "binding-route-is-public",
  severity: "warning",
  title: "The route that an input binding calls is reachable from the internet.",
  reason:
    "The front end hands every request to main, whatever its path. daprd calls the route on the same port, so anybody who knows the path can do what only the binding should.",
  source: "A2.3",
  remedy:
    "Put a proxy as main in front of the app that answers such paths with 404, or let the app check who calls.",
  example:
    "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true, targetPort: 8080 }\n  - name: dapr\n    properties: { image: daprio/daprd:1.18.2, isMain: false }\n",
  *check({ site, components }) {
    const main = site === undefined ? undefined : mainOf(site);
    if (site === undefined || main === undefined || PROXY.test(imageName(main.properties.image))) return;
    const dapr = daprContainers(site);
    // Only where daprd can have no other app than main: with a further container the app may be that one.
    const others = sidecarsOf(site).filter(
      ({ name, properties }) =>
        !dapr.some(({ container }) => container === name) && !isInfrastructure(properties.image),
    );
    const [daprd] = dapr;
    const port = main.properties.targetPort ?? "80";
    if (daprd === undefined) return;
    const callsMain = daprd.appPort === undefined ? others.length === 0 : String(daprd.appPort) === port;
    if (!callsMain) return;
    for (const { file, passedOver } of components) {
      if (passedOver !== undefined) continue;
      for (const component of file.components.filter((one) => isInputBinding(one) === "yes")) {
        yield {
          place: placeOf(site, "siteContainers", main.name),
          message: `${bindingRoute(component)}, which the binding "${component.name}" calls, is reachable from the internet: "${main.name}" gets every request.`,
          remedy:
            "Put a proxy as main in front of the app that keeps the path to the inside, or let the app check who calls.",
        };
      }
    }
  },
};
