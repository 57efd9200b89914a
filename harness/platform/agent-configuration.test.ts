import { expect, test } from "vitest";
import { agentConfiguration } from "./agent-configuration.ts";
import { smallPlan } from "./test-support/small-plan.ts";

test("the agent is told the identity as planned and the ports of each daprd", () => {
  const plan = smallPlan();
  expect(agentConfiguration(plan)).toEqual({
    identity: { ...plan.identity, tokenLifetimeSeconds: 86_400, withoutSelector: "refuse" },
    daprSidecars: [{ container: "dapr", httpPort: 3500, metricsPort: 9090 }],
    portsIntervalMs: 25,
    healthIntervalMs: 100,
    healthyIntervalMs: 2000,
    metricsIntervalMs: 100,
  });
});

test("a site without an identity has none in the agent either", () => {
  expect(agentConfiguration({ ...smallPlan(), identity: null }).identity).toBeNull();
});
