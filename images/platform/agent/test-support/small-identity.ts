import type { AgentIdentity } from "../../../../harness/platform/agent-protocol.ts";
import type { AssignedIdentity } from "../../../../harness/plan/site-plan.ts";

export const SYSTEM: AssignedIdentity = {
  kind: "system",
  clientId: "bbbbbbbb-0000-4000-8000-000000000002",
  principalId: "cccccccc-0000-4000-8000-000000000003",
};
export const BATCH: AssignedIdentity = {
  kind: "user",
  resourceId:
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/batch",
  clientId: "bbbbbbbb-0000-4000-8000-000000000012",
  principalId: "cccccccc-0000-4000-8000-000000000013",
};
export const READER: AssignedIdentity = {
  kind: "user",
  resourceId:
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader",
  clientId: "bbbbbbbb-0000-4000-8000-000000000022",
  principalId: "cccccccc-0000-4000-8000-000000000023",
};

/** Served on any free port of 127.0.0.1. Default identities: the system-assigned one and two others. */
export function smallIdentity(more: Partial<AgentIdentity> = {}): AgentIdentity {
  return {
    address: "127.0.0.1",
    port: 0,
    header: "the-secret",
    tenantId: "aaaaaaaa-0000-4000-8000-000000000001",
    identities: [SYSTEM, BATCH, READER],
    tokenLifetimeSeconds: 86_400,
    withoutSelector: "refuse",
    ...more,
  };
}

/** What a token says of itself. */
export function claimsOf(jwt: string): Record<string, unknown> {
  const claims: Record<string, unknown> = JSON.parse(
    Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString(),
  );
  return claims;
}
