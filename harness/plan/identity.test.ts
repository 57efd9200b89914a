import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { SiteIdentity } from "../definition/site-definition.ts";
import { planIdentity, type IdentityService } from "./identity.ts";

const SERVICE: IdentityService = { address: "a", port: 1, header: "secret", tenantId: "tenant" };
const BATCH =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/batch";
const READER = BATCH.replace("batch", "reader");
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("planIdentity", () => {
  it("gives a site without an identity none", () => {
    expect(planIdentity({ type: "None" }, SERVICE)).toBeNull();
  });

  it("serves the system-assigned one first, then the user-assigned ones in their order", () => {
    const userAssignedIdentities = { [READER]: {}, [BATCH]: {} };
    const plan = (type: SiteIdentity["type"]) => planIdentity({ type, userAssignedIdentities }, SERVICE);
    const told = (type: SiteIdentity["type"]) =>
      plan(type)?.identities.map(({ kind, resourceId }) => [kind, resourceId]);
    expect(told("SystemAssigned")).toEqual([["system", undefined]]);
    expect(told("UserAssigned")).toEqual([
      ["user", READER],
      ["user", BATCH],
    ]);
    expect(told("SystemAssigned, UserAssigned")).toEqual([
      ["system", undefined],
      ["user", READER],
      ["user", BATCH],
    ]);
  });

  it("uses the ids that the definition gives", () => {
    const identity: SiteIdentity = {
      type: "SystemAssigned, UserAssigned",
      principalId: "system-principal",
      tenantId: "the-tenant",
      userAssignedIdentities: { [BATCH]: { clientId: "batch-client", principalId: "batch-principal" } },
    };
    expect(planIdentity(identity, SERVICE)).toMatchObject({
      tenantId: "the-tenant",
      header: "secret",
      identities: [
        { principalId: "system-principal", clientId: expect.stringMatching(GUID) },
        { resourceId: BATCH, clientId: "batch-client", principalId: "batch-principal" },
      ],
    });
  });

  it("makes every id that is not given: a GUID each, all different, the same for the same secret", () => {
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.string(), { minLength: 1 }), (header, resourceIds) => {
        const identity: SiteIdentity = {
          type: "SystemAssigned, UserAssigned",
          userAssignedIdentities: Object.fromEntries(resourceIds.map((id) => [`/${id}`, {}])),
        };
        const planned = planIdentity(identity, { ...SERVICE, header });
        const ids = planned?.identities.flatMap(({ clientId, principalId }) => [clientId, principalId]) ?? [];
        expect(ids).toHaveLength(2 + 2 * resourceIds.length);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids) expect(id).toMatch(GUID);
        expect(planIdentity(identity, { ...SERVICE, header })).toEqual(planned);
      }),
    );
  });

  it.each([
    ["no user-assigned identity", { type: "UserAssigned" }, "names no user-assigned identity"],
    [
      "no user-assigned identity beside the system's",
      { type: "SystemAssigned, UserAssigned", userAssignedIdentities: {} },
      "names no user-assigned identity",
    ],
    [
      "two with one id",
      {
        type: "UserAssigned",
        userAssignedIdentities: { [BATCH]: { clientId: "A" }, [READER]: { clientId: "a" } },
      },
      "the id a stands twice",
    ],
  ] satisfies [string, SiteIdentity, string][])("refuses %s", (_, identity, message) => {
    expect(() => planIdentity(identity, SERVICE)).toThrow(
      expect.objectContaining({ code: "SPEC_INVALID", message: expect.stringContaining(message) }),
    );
  });
});
