import type { SitePlan } from "../plan/site-plan.ts";

/** Which container is to listen on a port, by the plan: its target port, and daprd's ports, its virtual clock's among them. */
export function portOwners(plan: SitePlan): ReadonlyMap<number, string> {
  const owners = new Map<number, string>([[plan.mainPort, plan.mainContainer]]);
  const claim = (port: number | undefined, container: string): void => {
    if (port !== undefined && !owners.has(port)) owners.set(port, container);
  };
  for (const { container, httpPort, grpcPort, metricsPort } of plan.daprSidecars) {
    for (const port of [httpPort, grpcPort, metricsPort]) claim(port, container);
  }
  for (const { container, port } of plan.virtualTime?.clocks ?? []) claim(port, container);
  for (const { name, targetPort } of plan.containers) claim(targetPort, name);
  return owners;
}
