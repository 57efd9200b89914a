import { expect, test } from "vitest";
import { agentConfiguration, STORAGE_ADDRESS } from "./agent-configuration.ts";
import { agentTap } from "./agent-tap.ts";
import { smallPlan } from "./test-support/small-plan.ts";

test("the agent is told the identity as planned and the ports of each daprd", () => {
  const plan = smallPlan();
  expect(agentConfiguration(plan)).toEqual({
    identity: { ...plan.identity, tokenLifetimeSeconds: 86_400, withoutSelector: "refuse" },
    storage: null,
    daprSidecars: [{ container: "dapr", httpPort: 3500, metricsPort: 9090 }],
    tap: null,
    portsIntervalMs: 25,
    healthIntervalMs: 100,
    healthyIntervalMs: 2000,
    metricsIntervalMs: 100,
  });
});

test("the agent is told of the tap where there is to be one", () => {
  const plan = smallPlan();
  expect(agentConfiguration(plan, { tap: true }).tap).toEqual(agentTap(plan));
});

test("where many sites run at a time the agent looks more seldom, at all but what is seldom anyway", () => {
  const [often, seldom] = [
    agentConfiguration(smallPlan()),
    agentConfiguration(smallPlan(), { economical: true }),
  ];
  expect(seldom).toEqual({ ...often, portsIntervalMs: 50, healthIntervalMs: 200, metricsIntervalMs: 250 });
});

test("the agent is told where storage is, and gets an address for it", () => {
  const storage = {
    hostNames: ["a.blob.core.windows.net"],
    upstream: { host: "storage", port: 443 },
    certificatePem: "c",
    keyPem: "k",
    authorityPem: "a",
  };
  expect(agentConfiguration(smallPlan(), { storage }).storage).toEqual({
    address: STORAGE_ADDRESS,
    ...storage,
  });
});

test("a site without an identity has none in the agent either", () => {
  expect(agentConfiguration({ ...smallPlan(), identity: null }).identity).toBeNull();
});

test("the agent is told the API token of a daprd that asks for one", () => {
  const plan = smallPlan();
  const withToken = (token: string) => ({
    ...plan,
    containers: plan.containers.map((one) =>
      one.name === "dapr" ? { ...one, environment: { DAPR_API_TOKEN: token } } : one,
    ),
  });
  expect(agentConfiguration(withToken("secret")).daprSidecars).toMatchObject([{ apiToken: "secret" }]);
  expect(agentConfiguration(withToken("")).daprSidecars[0]).not.toHaveProperty("apiToken");
});
