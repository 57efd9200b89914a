import { ManagedIdentityCredential } from "@azure/identity";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { AssignedIdentity } from "../../../harness/plan/site-plan.ts";
import { IdentityService } from "./identity-service.ts";
import { CollectingReporter } from "./test-support/collecting-reporter.ts";
import { BATCH, claimsOf, READER, smallIdentity, SYSTEM } from "./test-support/small-identity.ts";

const SCOPE = "https://storage.azure.com/.default";
/** The library keeps tokens for the life of a process, by the id it asks for: each test has an id of its own. */
const KEPT = another("31");
const SHORT = another("41");

/** The library also keeps the first endpoint it meets, so one service serves all tests. */
const reporter = new CollectingReporter();
const service = new IdentityService(
  smallIdentity({ identities: [SYSTEM, BATCH, READER, KEPT, SHORT] }),
  reporter,
);

beforeAll(async () => {
  await service.listen();
  // As in a container of the site.
  vi.stubEnv("IDENTITY_ENDPOINT", `http://127.0.0.1:${service.port}/msi/token`);
  vi.stubEnv("IDENTITY_HEADER", "the-secret");
});
beforeEach(() => void reporter.reports.splice(0));
afterAll(async () => {
  vi.unstubAllEnvs();
  await service.close();
});

function another(ending: string): AssignedIdentity {
  return {
    kind: "user",
    resourceId: `/another/${ending}`,
    clientId: `bbbbbbbb-0000-4000-8000-0000000000${ending}`,
    principalId: `cccccccc-0000-4000-8000-0000000000${ending}`,
  };
}

describe("@azure/identity's ManagedIdentityCredential gets a token", () => {
  test.each([
    ["of the system-assigned identity", () => new ManagedIdentityCredential(), SYSTEM],
    ["by client id", () => new ManagedIdentityCredential({ clientId: BATCH.clientId }), BATCH],
    ["by object id", () => new ManagedIdentityCredential({ objectId: READER.principalId }), READER],
    ["by resource id", () => new ManagedIdentityCredential({ resourceId: READER.resourceId ?? "" }), READER],
  ])("%s", async (_, credential, identity) => {
    const token = await credential().getToken(SCOPE);
    expect(claimsOf(token.token)).toMatchObject({ appid: identity.clientId, oid: identity.principalId });
    expect(Math.abs(token.expiresOnTimestamp - Date.now() - 86_400_000)).toBeLessThan(60_000);
    expect(reporter.of("identity")).toMatchObject([{ status: 200, headerMatched: true }]);
  });

  test("and keeps it as long as it lives", async () => {
    const credential = new ManagedIdentityCredential({ clientId: KEPT.clientId });
    const first = await credential.getToken(SCOPE);
    expect((await credential.getToken(SCOPE)).token).toBe(first.token);
    expect(reporter.of("identity")).toHaveLength(1);
  });

  test("and asks for another one when it has expired", async () => {
    await service.fail("f", { expired: true, first: 1 });
    const credential = new ManagedIdentityCredential({ clientId: SHORT.clientId });
    const first = await credential.getToken(SCOPE);
    expect(first.expiresOnTimestamp).toBeLessThan(Date.now());
    const second = await credential.getToken(SCOPE);
    expect(second.expiresOnTimestamp).toBeGreaterThan(Date.now());
    expect(reporter.of("identity")).toHaveLength(2);
  });

  test("and says so when the site has not the identity it wants", async () => {
    const credential = new ManagedIdentityCredential({ clientId: another("99").clientId });
    await expect(credential.getToken(SCOPE)).rejects.toThrow("Unable to load requested managed identity.");
    expect(reporter.of("identity")).toMatchObject([{ status: 400 }]);
  });
});
