import { ManagedIdentityCredential } from "@azure/identity";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { IdentityService } from "./identity-service.ts";
import { CollectingReporter } from "./test-support/collecting-reporter.ts";
import { BATCH, claimsOf, READER, smallIdentity, SYSTEM } from "./test-support/small-identity.ts";

const SCOPE = "https://storage.azure.com/.default";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The service, and the environment in which Microsoft's library looks for it, as in a container of the site. */
async function serve(more: Parameters<typeof smallIdentity>[0] = {}) {
  const reporter = new CollectingReporter();
  const service = new IdentityService(smallIdentity(more), reporter);
  await service.listen();
  onTestFinished(() => service.close());
  vi.stubEnv("IDENTITY_ENDPOINT", `http://127.0.0.1:${service.port}/msi/token`);
  vi.stubEnv("IDENTITY_HEADER", "the-secret");
  return { service, reporter };
}

describe("@azure/identity's ManagedIdentityCredential gets its token", () => {
  test.each([
    ["of the system-assigned identity", undefined, SYSTEM],
    ["by client id", { clientId: BATCH.clientId }, BATCH],
    ["by object id", { objectId: READER.principalId }, READER],
    ["by resource id", { resourceId: READER.resourceId ?? "" }, READER],
  ])("%s", async (_, options, identity) => {
    const { reporter } = await serve();
    const credential =
      options === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential(options);
    const token = await credential.getToken(SCOPE);
    expect(claimsOf(token.token)).toMatchObject({ appid: identity.clientId, oid: identity.principalId });
    expect(Math.abs(token.expiresOnTimestamp - Date.now() - 86_400_000)).toBeLessThan(60_000);
    expect(reporter.of("identity")).toMatchObject([{ status: 200, headerMatched: true }]);
  });

  test("and keeps it as long as it is fresh", async () => {
    const { reporter } = await serve();
    const credential = new ManagedIdentityCredential({ clientId: BATCH.clientId });
    const first = await credential.getToken(SCOPE);
    expect((await credential.getToken(SCOPE)).token).toBe(first.token);
    expect(reporter.of("identity")).toHaveLength(1);
  });

  test("and another one when its life is short", async () => {
    // The library takes a token with less than five minutes to live for expired.
    const { reporter } = await serve({ tokenLifetimeSeconds: 2 });
    const credential = new ManagedIdentityCredential({ clientId: READER.clientId });
    await credential.getToken(SCOPE);
    await credential.getToken(SCOPE);
    expect(reporter.of("identity")).toHaveLength(2);
  });

  test("and says so when the site has not the identity it wants", async () => {
    await serve({ identities: [BATCH] });
    await expect(new ManagedIdentityCredential().getToken(SCOPE)).rejects.toThrow(/managed identity/i);
  });
});
