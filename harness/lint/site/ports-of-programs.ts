import type { Place } from "../../definition/problems.ts";
import type { LoadedSite } from "../../definition/loaded-site.ts";
import type { Rule } from "../rule.ts";
import { daprContainers } from "./dapr-containers.ts";
import { placeOf } from "./site-view.ts";

interface Claim {
  readonly container: string;
  readonly port: number;
  readonly what: string;
  readonly place: Place;
}

const SSH = 2222;

function* claimsOf(site: LoadedSite): Iterable<Claim> {
  for (const { container, ports } of daprContainers(site)) {
    const place = placeOf(site, "siteContainers", container, "startUpCommand");
    for (const { port, what } of ports) yield { container, port, what: `daprd's ${what}`, place };
  }
}

export const portsOfPrograms: Rule = {
  id: "SC007",
  name: "ports-of-programs",
  severity: "error",
  title: "A container's port is one that a program of another container takes.",
  reason:
    "daprd listens on 3500 (HTTP API), 50001 (gRPC API) and 9090 (metrics) unless it is told otherwise, sshd on 2222. All containers share one network namespace: the second to bind gets EADDRINUSE.",
  source: "A2.1, A7.3; https://docs.dapr.io/reference/arguments-annotations-overview/",
  remedy:
    "Move one of the two: --dapr-http-port, --dapr-grpc-port and --metrics-port of daprd, or the container's own port.",
  example:
    "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true, targetPort: 9090 }\n  - name: dapr\n    properties: { image: daprio/daprd:1.18.2, isMain: false }\n",
  *check({ site }) {
    if (site === undefined) return;
    const claims = [...claimsOf(site)];
    for (const { name, properties } of site.definition.siteContainers) {
      const port = Number(properties.targetPort);
      const place = placeOf(site, "siteContainers", name, "targetPort");
      for (const claim of claims.filter((one) => one.port === port && one.container !== name)) {
        yield {
          place,
          message: `"${name}" has port ${port}, which ${claim.what} in "${claim.container}" takes.`,
          remedy: "Give one of the two another port.",
        };
      }
      if (port === SSH) {
        yield {
          place,
          severity: "warning",
          message: `"${name}" has port ${SSH}, which is SSH's in every container that has App Service's sshd.`,
          remedy: "Give it another port, unless no image of the site starts an sshd.",
        };
      }
    }
    for (const [index, claim] of claims.entries()) {
      const before = claims
        .slice(0, index)
        .find(({ port, container }) => port === claim.port && container !== claim.container);
      if (before !== undefined) {
        yield {
          place: claim.place,
          message: `${claim.what} in "${claim.container}" has port ${claim.port} of ${before.what} in "${before.container}".`,
          remedy: "Give the second daprd ports of its own.",
        };
      }
    }
  },
};
