import { daprApiToken } from "../plan/dapr-api-token.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { AgentConfiguration } from "./agent-protocol.ts";

/** How often the agent looks where many sites run on the machine: as seldom as what is told from it bears. */
const ECONOMICAL = { portsIntervalMs: 50, healthIntervalMs: 200, metricsIntervalMs: 250 };

/** What the agent in a site's platform container is told. */
export function agentConfiguration(
  plan: SitePlan,
  { economical = false }: { readonly economical?: boolean } = {},
): AgentConfiguration {
  const { identity, daprSidecars, settings } = plan;
  return {
    identity: identity && {
      ...identity,
      tokenLifetimeSeconds: settings.identityTokenLifetimeSeconds,
      withoutSelector: settings.identityWithoutSelector,
    },
    daprSidecars: daprSidecars.map(({ container, httpPort, metricsPort }) => ({
      container,
      httpPort,
      metricsPort,
      ...daprApiToken(plan, container),
    })),
    portsIntervalMs: 25,
    healthIntervalMs: 100,
    healthyIntervalMs: 2000,
    metricsIntervalMs: 100,
    ...(economical ? ECONOMICAL : {}),
  };
}
