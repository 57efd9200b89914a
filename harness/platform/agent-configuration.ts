import type { SitePlan } from "../plan/site-plan.ts";
import type { AgentConfiguration } from "./agent-protocol.ts";

/** Managed identity tokens live for a day. */
const TOKEN_LIFETIME_SECONDS = 86_400;

/** What the agent in a site's platform container is told.. */
export function agentConfiguration(plan: SitePlan): AgentConfiguration {
  const { identity, daprSidecars } = plan;
  return {
    identity: identity && { ...identity, tokenLifetimeSeconds: TOKEN_LIFETIME_SECONDS },
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
