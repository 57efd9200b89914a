import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  parseKeyVaultReference,
  resolveKeyVaultReference,
  unresolvedKeyVaultReferences,
} from "./key-vault.ts";

describe("parseKeyVaultReference", () => {
  const version = "ec96f02080254f109c51a1f14cdb1931";

  it.each([
    [
      "@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/db)",
      { vault: "shop", secret: "db" },
    ],
    [
      "@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/db/)",
      { vault: "shop", secret: "db" },
    ],
    [
      `@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/db/${version})`,
      { vault: "shop", secret: "db", version },
    ],
    ["@Microsoft.KeyVault(VaultName=shop;SecretName=db)", { vault: "shop", secret: "db" }],
    [
      ` @microsoft.keyvault( vaultname=shop ; SecretName=db;SecretVersion=${version}; ) `,
      { vault: "shop", secret: "db", version },
    ],
  ])("reads %s", (text, expected) => {
    expect(parseKeyVaultReference(text)).toEqual(expected);
  });

  it.each([
    ["@Microsoft.KeyVault(VaultName=shop;SecretName=db", "does not end with a closing bracket"],
    ["@Microsoft.KeyVault()", "has neither SecretUri nor VaultName and SecretName"],
    ["@Microsoft.KeyVault(VaultName=shop)", "has no SecretName"],
    ["@Microsoft.KeyVault(SecretName=db)", "has no VaultName"],
    ["@Microsoft.KeyVault(https://shop.vault.azure.net/secrets/db)", "name=value has to stand"],
    ["@Microsoft.KeyVault(SecretUri=http://shop.vault.azure.net/secrets/db)", "is no https URL"],
    ["@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/keys/db)", "without /secrets/<name>"],
  ])("finds the fault of %s", (text, fault) => {
    expect(parseKeyVaultReference(text)).toEqual({ fault: expect.stringContaining(fault) as unknown });
  });

  it("takes no other text for a reference", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^\s*@microsoft\.keyvault\(/i.test(text));
        expect(parseKeyVaultReference(text)).toBeUndefined();
        expect(resolveKeyVaultReference(text, { [text]: "x" })).toBe(text);
      }),
    );
  });
});

describe("resolveKeyVaultReference", () => {
  const of = (fields: string, secrets: Readonly<Record<string, string>>): string =>
    resolveKeyVaultReference(`@Microsoft.KeyVault(${fields})`, secrets);

  it("answers without regard to case, a version of its own before the secret's only one", () => {
    const secrets = { "shop/db": "new", "shop/db/1": "old" };
    expect(of("VaultName=Shop;SecretName=DB", secrets)).toBe("new");
    expect(of("VaultName=shop;SecretName=db;SecretVersion=1", secrets)).toBe("old");
    expect(of("VaultName=shop;SecretName=db;SecretVersion=2", secrets)).toBe("new");
  });

  it("leaves what has no answer as it is written", () => {
    expect(of("VaultName=shop;SecretName=none", {})).toBe(
      "@Microsoft.KeyVault(VaultName=shop;SecretName=none)",
    );
    expect(of("VaultName=x;SecretName=constructor", {})).toContain("@Microsoft.KeyVault");
  });
});

describe("unresolvedKeyVaultReferences", () => {
  it("names the settings and connection strings without an answer", () => {
    const reference = (secret: string): string => `@Microsoft.KeyVault(VaultName=shop;SecretName=${secret})`;
    expect(
      unresolvedKeyVaultReferences({
        appSettings: [
          { name: "A", value: reference("known") },
          { name: "B", value: reference("unknown") },
          { name: "C", value: "plain" },
        ],
        connectionStrings: [{ name: "D", value: reference("unknown"), type: "Custom" }],
        keyVaultSecrets: { "shop/known": "x" },
      }),
    ).toEqual([
      { in: "appSettings", name: "B", reference: { vault: "shop", secret: "unknown" } },
      { in: "connectionStrings", name: "D", reference: { vault: "shop", secret: "unknown" } },
    ]);
  });
});
