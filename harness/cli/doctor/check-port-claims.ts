import type { SiteDefinition } from "../../definition/site-definition.ts";
import { ok, problem, type Finding } from "./finding.ts";

const CHECK = "container ports";

/** The identity service's port in the namespace (A6.1). */
const IDENTITY_PORT = 8081;

interface PortClaim {
  readonly port: number;
  /** A container's name, or `undefined` for the platform. */
  readonly owner: string | undefined;
  readonly what: string;
}

/**
 * Ports that the definition says are taken in the shared namespace, where each must have one owner (A2.1): the second
 * to bind gets EADDRINUSE.
 */
export function checkPortClaims(definition: SiteDefinition): readonly Finding[] {
  const claims = claimsOf(definition);
  const byPort = Map.groupBy(claims, ({ port }) => port);
  const collisions = [...byPort].filter(([, claimants]) => claimants.length > 1);
  if (collisions.length === 0) {
    const list = [...byPort.keys()].toSorted((a, b) => a - b).join(", ");
    return [ok(CHECK, list === "" ? "the site names none" : `each has one owner: ${list}`)];
  }
  return collisions.map(([port, claimants]) =>
    problem(
      CHECK,
      `${port} is claimed by ${claimants.map(({ what }) => what).join(" and by ")}`,
      "give one of them another port: containers of a site share one network namespace",
    ),
  );
}

function claimsOf(definition: SiteDefinition): readonly PortClaim[] {
  const containers = definition.siteContainers.flatMap(({ name: owner, properties: { targetPort } }) =>
    targetPort === undefined ? [] : [{ port: Number(targetPort), owner, what: `${owner}'s targetPort` }],
  );
  const sidecars = definition.daprSidecars.flatMap(
    ({ container: owner, httpPort, grpcPort, metricsPort }) => [
      { port: httpPort, owner, what: `${owner}'s Dapr HTTP API` },
      { port: grpcPort, owner, what: `${owner}'s Dapr gRPC API` },
      { port: metricsPort, owner, what: `${owner}'s Dapr metrics` },
    ],
  );
  const identity: readonly PortClaim[] =
    definition.identity.type === "None"
      ? []
      : [{ port: IDENTITY_PORT, owner: undefined, what: "the platform's identity service" }];
  // A sidecar's targetPort may well name daprd's own port: that is one owner, and one claim.
  const ownPorts = new Set(sidecars.map(({ port, owner }) => `${owner} ${port}`));
  return [
    ...containers.filter(({ port, owner }) => !ownPorts.has(`${owner} ${port}`)),
    ...sidecars,
    ...identity,
  ];
}
