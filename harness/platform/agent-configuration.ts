import type { SitePlan } from "../plan/site-plan.ts";
import type { AgentConfiguration, AgentStorage } from "./agent-protocol.ts";

/** Link-local, as the platform's own services in a namespace are (A6.1). */
export const STORAGE_ADDRESS = "169.254.129.4";

/**
 * What the agent in a site's platform container is told.
 * @param storage of a site with storage accounts: where their storage is, and their certificate.
 */
export function agentConfiguration(
  plan: SitePlan,
  storage: Omit<AgentStorage, "address"> | null = null,
): AgentConfiguration {
  const { identity, daprSidecars, settings } = plan;
  return {
    identity: identity && {
      ...identity,
      tokenLifetimeSeconds: settings.identityTokenLifetimeSeconds,
      withoutSelector: settings.identityWithoutSelector,
    },
    storage: storage && { address: STORAGE_ADDRESS, ...storage },
    daprSidecars: daprSidecars.map(({ container, httpPort, metricsPort }) => ({
      container,
      httpPort,
      metricsPort,
    })),
    portsIntervalMs: 25,
    healthIntervalMs: 100,
    healthyIntervalMs: 2000,
    metricsIntervalMs: 100,
  };
}
