import { describe, expect, test } from "vitest";
import { BATCH, smallIdentity, SYSTEM } from "./test-support/small-identity.ts";
import { TokenIssuer } from "./token.ts";

const identity = smallIdentity({ tokenLifetimeSeconds: 3600 });
const NOW = 1_800_000_000;

function issuerAt(now: { seconds: number }): TokenIssuer {
  return new TokenIssuer(identity, () => now.seconds * 1000);
}

function claimsOf(jwt: string): Record<string, unknown> {
  const [header, claims, signature] = jwt.split(".");
  expect(JSON.parse(Buffer.from(header ?? "", "base64url").toString())).toEqual({ typ: "JWT", alg: "HS256" });
  expect(Buffer.from(signature ?? "", "base64url")).toHaveLength(32);
  return JSON.parse(Buffer.from(claims ?? "", "base64url").toString());
}

describe("an access token", () => {
  test("is a JWT with what a storage service checks", () => {
    const token = issuerAt({ seconds: NOW }).tokenFor("https://storage.azure.com", SYSTEM);
    expect(token).toMatchObject({ notBefore: NOW - 300, expiresOn: NOW + 3600 });
    expect(claimsOf(token.accessToken)).toMatchObject({
      aud: "https://storage.azure.com",
      iss: `https://sts.windows.net/${identity.tenantId}/`,
      iat: NOW - 300,
      nbf: NOW - 300,
      exp: NOW + 3600,
      appid: SYSTEM.clientId,
      oid: SYSTEM.principalId,
      sub: SYSTEM.principalId,
      tid: identity.tenantId,
    });
  });

  test("is cached per resource until little of its life is left (A6.5)", () => {
    const now = { seconds: NOW };
    const issuer = issuerAt(now);
    const first = issuer.tokenFor("a", SYSTEM);
    expect(issuer.tokenFor("b", SYSTEM).accessToken).not.toBe(first.accessToken);
    now.seconds = NOW + 3299;
    expect(issuer.tokenFor("a", SYSTEM)).toBe(first);
    now.seconds = NOW + 3300;
    expect(issuer.tokenFor("a", SYSTEM).expiresOn).toBe(NOW + 3300 + 3600);
  });

  test("is another one for another identity, whose it says it is", () => {
    const issuer = issuerAt({ seconds: NOW });
    const [system, batch] = [issuer.tokenFor("a", SYSTEM), issuer.tokenFor("a", BATCH)];
    expect(claimsOf(system.accessToken)).not.toHaveProperty("xms_mirid");
    expect(claimsOf(batch.accessToken)).toMatchObject({
      appid: BATCH.clientId,
      oid: BATCH.principalId,
      xms_mirid: BATCH.resourceId,
    });
    expect(issuer.tokenFor("a", SYSTEM)).toBe(system);
  });

  test("that is to be bad is bad once, and does not stay in the cache", () => {
    const issuer = issuerAt({ seconds: NOW });
    const good = issuer.tokenFor("https://storage.azure.com", SYSTEM);
    const expired = issuer.tokenFor("https://storage.azure.com", SYSTEM, "expired");
    expect(expired.expiresOn).toBe(NOW - 60);
    expect(claimsOf(expired.accessToken)).toMatchObject({ exp: NOW - 60 });
    for (const resource of ["https://storage.azure.com", "https://management.azure.com/"]) {
      const wrong = issuer.tokenFor(resource, SYSTEM, "wrong audience");
      expect(claimsOf(wrong.accessToken)["aud"]).not.toBe(resource);
      expect(wrong.expiresOn).toBe(NOW + 3600);
    }
    expect(issuer.tokenFor("https://storage.azure.com", SYSTEM)).toBe(good);
  });
});
