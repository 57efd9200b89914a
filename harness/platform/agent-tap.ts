import { maskValue } from "../plan/mask-environment.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { AgentTap } from "./agent-protocol.ts";
import { portOwners } from "./port-owners.ts";

/** The agent asks from here, so that its own questions are told from the site's before they are captured. */
const OWN_ADDRESS = "127.0.0.2";
/** The engine's own name server. */
const ENGINE_DNS_ADDRESS = "127.0.0.11";
const BODY_LIMIT_BYTES = 32_768;
/** A shorter one, masked wherever it stands, would hide words that only look the same. */
const SHORTEST_SECRET = 6;
/** Under a name that sounds like a secret: a flag, a number, a file or an address. */
const NO_SECRET = /^(?:true|false|\d+|\/[\w./-]*|https?:\/\/[^?@]*)$/i;

/** How the loopback of this site's instances is looked at. */
export function agentTap(plan: SitePlan): AgentTap {
  return {
    bodyLimitBytes: BODY_LIMIT_BYTES,
    containers: plan.containers.map(({ name }) => name),
    ports: Object.fromEntries(portOwners(plan)),
    secrets: secretsOf(plan),
    exceptAddresses: [OWN_ADDRESS, ENGINE_DNS_ADDRESS],
    ownAddress: OWN_ADDRESS,
  };
}

/** Values that a run's record masks in its plan, too. */
function secretsOf({ containers, identity }: SitePlan): readonly string[] {
  const values = containers.flatMap(({ environment, secretVariables = [] }) =>
    Object.entries(environment)
      .filter(([name, value]) => secretVariables.includes(name) || maskValue(name, value) !== value)
      .map(([, value]) => value),
  );
  const all = identity === null ? values : [...values, identity.header];
  return [...new Set(all)].filter((value) => value.length >= SHORTEST_SECRET && !NO_SECRET.test(value));
}
