import { describe, expect, it } from "vitest";

import { containers, found } from "../test-support/found.ts";
import { passwordAsLiteral } from "./password-as-literal.ts";
import { pullCredentials } from "./pull-credentials.ts";
import { pullIdentity } from "./pull-identity.ts";

const CLIENT = "11111111-1111-1111-1111-111111111111";
const user = (identities: string): string =>
  `identity: { type: UserAssigned, userAssignedIdentities: { ${identities} } }`;

describe("SC019 pull-identity", () => {
  it.each([
    [
      "a system-assigned one",
      "authType: SystemIdentity",
      "identity: { type: None }",
      "system-assigned identity, which the site has not",
    ],
    [
      "the same beside a user-assigned one",
      "authType: SystemIdentity",
      user(`/x: { clientId: ${CLIENT} }`),
      "system-assigned identity, which the site has not",
    ],
    [
      "a user-assigned one that is another",
      `authType: UserAssigned, userManagedIdentityClientId: other`,
      user(`/x: { clientId: ${CLIENT} }`),
      '"other", which the site has not',
    ],
    [
      "a user-assigned one of a site without",
      `authType: UserAssigned, userManagedIdentityClientId: ${CLIENT}`,
      "identity: { type: SystemAssigned }",
      "which the site has not",
    ],
    ["one that is not named", "authType: UserAssigned", "", "but names none"],
  ])("finds %s", (_, properties, identity, message) => {
    expect(found(pullIdentity, containers({ main: properties }, identity))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it.each([
    ["one that the site has", "authType: SystemIdentity", "identity: { type: SystemAssigned }"],
    ["one of both", "authType: SystemIdentity", 'identity: { type: "SystemAssigned, UserAssigned" }'],
    ["any when the identity is not given", "authType: SystemIdentity", ""],
    [
      "a user-assigned one, in any case",
      `authType: UserAssigned, userManagedIdentityClientId: AB`,
      user("/x: { clientId: ab }"),
    ],
    [
      "a client id that is not given",
      `authType: UserAssigned, userManagedIdentityClientId: ab`,
      user("/x: {}"),
    ],
    [
      "identities that are not listed",
      `authType: UserAssigned, userManagedIdentityClientId: ab`,
      "identity: { type: UserAssigned }",
    ],
    ["an anonymous pull", "authType: Anonymous", "identity: { type: None }"],
  ])("says nothing of %s", (_, properties, identity) => {
    expect(found(pullIdentity, containers({ main: properties }, identity))).toEqual([]);
  });
});

describe("SC018 password-as-literal and SC020 pull-credentials", () => {
  it("find a password, and what is missing beside it or in vain", () => {
    const own = containers({ main: "authType: UserCredentials, userName: a, passwordSecret: correct-horse" });
    expect(found(passwordAsLiteral, own)).toEqual([
      expect.stringContaining('that "main" is pulled with is written out.'),
    ]);
    expect(found(pullCredentials, own)).toEqual([]);
    expect(found(pullCredentials, containers({ main: "authType: UserCredentials" }))).toEqual([
      expect.stringContaining("without userName and passwordSecret."),
    ]);
    expect(
      found(
        pullCredentials,
        containers({ main: "authType: SystemIdentity, userName: a, passwordSecret: b" }),
      ),
    ).toEqual([expect.stringContaining("SystemIdentity passes it over.")]);
    expect(
      found(
        pullCredentials,
        containers({ main: `authType: SystemIdentity, userManagedIdentityClientId: ${CLIENT}` }),
      ),
    ).toEqual([expect.stringContaining("names a user-assigned identity")]);
  });

  it.each([
    ["a setting's name", "passwordSecret: REGISTRY_PASSWORD", "appSettings: { REGISTRY_PASSWORD: x }"],
    ["a reference", "passwordSecret: '@Microsoft.KeyVault(VaultName=a;SecretName=b)'", ""],
    ["a parameter", "passwordSecret: \"[parameters('password')]\"", ""],
    ["no password", "authType: Anonymous", ""],
  ])("SC018 says nothing of %s", (_, properties, settings) => {
    expect(found(passwordAsLiteral, containers({ main: properties }, settings))).toEqual([]);
  });
});
