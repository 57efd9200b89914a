import { daprApiToken } from "../plan/dapr-api-token.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import { agentTap } from "./agent-tap.ts";
import type { AgentConfiguration, AgentStorage } from "./agent-protocol.ts";

/** Link-local, as the platform's own services in a namespace are (A6.1). */
export const STORAGE_ADDRESS = "169.254.129.4";

/** How often the agent looks where many sites run on the machine: as seldom as what is told from it bears. */
const ECONOMICAL = { portsIntervalMs: 50, healthIntervalMs: 200, metricsIntervalMs: 250 };

export interface AgentConfigurationOptions {
  readonly economical?: boolean;
  /** The loopback is looked at. Default false. */
  readonly tap?: boolean;
  /** Of a site with storage accounts: where their storage is, and their certificate. */
  readonly storage?: Omit<AgentStorage, "address"> | null;
}

/** What the agent in a site's platform container is told. */
export function agentConfiguration(
  plan: SitePlan,
  { economical = false, tap = false, storage = null }: AgentConfigurationOptions = {},
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
      ...daprApiToken(plan, container),
    })),
    tap: tap ? agentTap(plan) : null,
    portsIntervalMs: 25,
    healthIntervalMs: 100,
    healthyIntervalMs: 2000,
    metricsIntervalMs: 100,
    ...(economical ? ECONOMICAL : {}),
  };
}
