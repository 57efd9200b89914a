import { describe, expect, test } from "vitest";
import type { AgentIdentity } from "../../../harness/platform/agent-protocol.ts";
import { TokenIssuer } from "./token.ts";

const identity: AgentIdentity = {
  address: "127.0.0.1",
  port: 0,
  header: "h",
  tenantId: "aaaaaaaa-0000-4000-8000-000000000001",
  clientId: "bbbbbbbb-0000-4000-8000-000000000002",
  principalId: "cccccccc-0000-4000-8000-000000000003",
  tokenLifetimeSeconds: 3600,
};
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
    const token = issuerAt({ seconds: NOW }).tokenFor("https://storage.azure.com");
    expect(token).toMatchObject({ notBefore: NOW - 300, expiresOn: NOW + 3600 });
    expect(claimsOf(token.accessToken)).toMatchObject({
      aud: "https://storage.azure.com",
      iss: `https://sts.windows.net/${identity.tenantId}/`,
      iat: NOW - 300,
      nbf: NOW - 300,
      exp: NOW + 3600,
      appid: identity.clientId,
      oid: identity.principalId,
      sub: identity.principalId,
      tid: identity.tenantId,
    });
  });

  test("is cached per resource until little of its life is left (A6.5)", () => {
    const now = { seconds: NOW };
    const issuer = issuerAt(now);
    const first = issuer.tokenFor("a");
    expect(issuer.tokenFor("b").accessToken).not.toBe(first.accessToken);
    now.seconds = NOW + 3299;
    expect(issuer.tokenFor("a")).toBe(first);
    now.seconds = NOW + 3300;
    expect(issuer.tokenFor("a").expiresOn).toBe(NOW + 3300 + 3600);
  });
});
