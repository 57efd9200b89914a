import { describe, expect, it } from "vitest";
import type { SitePlan } from "../plan/site-plan.ts";
import { agentTap } from "./agent-tap.ts";
import { smallPlan } from "./test-support/small-plan.ts";

function withEnvironment(
  environment: Readonly<Record<string, string>>,
  secretVariables: readonly string[] = [],
): SitePlan {
  const plan = smallPlan();
  const [first, ...more] = plan.containers;
  if (first === undefined) throw new Error("unreachable");
  return { ...plan, identity: null, containers: [{ ...first, environment, secretVariables }, ...more] };
}

it("the tap knows who listens where, and leaves out the agent's own questions", () => {
  expect(agentTap(smallPlan())).toMatchObject({
    containers: ["main", "dapr", "cache"],
    ports: { 9000: "main", 3500: "dapr", 50001: "dapr", 9090: "dapr", 7000: "cache" },
    exceptAddresses: ["127.0.0.2", "127.0.0.11"],
    ownAddress: "127.0.0.2",
  });
});

describe("what the tap masks by value", () => {
  it("is what a run's plan masks, and the identity's header", () => {
    const plan = withEnvironment({ DB_PASSWORD: "hunter22", FROM_VAULT: "of-the-vault", NAME: "visible" }, [
      "FROM_VAULT",
    ]);
    expect(agentTap(plan).secrets.toSorted()).toEqual(["hunter22", "of-the-vault"]);
    const { identity } = smallPlan();
    expect(agentTap({ ...plan, identity }).secrets).toContain(identity?.header);
  });

  it("is nothing that only sounds like a secret", () => {
    const plan = withEnvironment({
      USE_TOKENS: "false",
      TOKEN_LIFETIME: "1234567",
      KEY_FILE: "/etc/ssl/key.pem",
      TOKEN_ENDPOINT: "http://169.254.129.2:8081/msi/token",
      STATE_KEY: "blob",
    });
    expect(agentTap(plan).secrets).toEqual([]);
  });
});
