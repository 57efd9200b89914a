import { parseKeyVaultReference, unresolvedKeyVaultReferences } from "../../definition/key-vault.ts";
import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

export const keyVaultReference: Rule = {
  id: "SC017",
  name: "key-vault-reference",
  severity: "warning",
  title: "A Key Vault reference is answered by nothing, or is none.",
  reason:
    "A reference that can't be resolved does not stop a start: containers get the reference's own text in place of the secret, and fail later with a wrong password.",
  source: "A4.6; https://learn.microsoft.com/azure/app-service/app-service-key-vault-references",
  remedy: "Add the secret to the local secrets (keyVaultSecrets of the site file), or correct the reference.",
  example:
    "appSettings:\n  DB_PASSWORD: '@Microsoft.KeyVault(VaultName=shop;SecretName=database)'\nkeyVaultSecrets: { shop/db: local-only }\n",
  complete: true,
  *check({ site }) {
    if (site === undefined) return;
    const { definition } = site;
    const valued = [
      ...definition.appSettings.map(({ name, value }) => ({ name, value, key: "appSettings" })),
      ...(definition.connectionStrings ?? []).map(({ name, value }) => ({
        name,
        value,
        key: "connectionStrings",
      })),
    ];
    for (const { name, value, key } of valued) {
      const reference = parseKeyVaultReference(value);
      if (reference === undefined || !("fault" in reference)) continue;
      yield {
        place: placeOf(site, key, name),
        severity: "error",
        message: `"${name}" is a Key Vault reference that ${reference.fault}.`,
        remedy:
          "Write @Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>) or (VaultName=<vault>;SecretName=<secret>).",
      };
    }
    // Without local secrets none can be answered, and nothing is wrong with the site.
    if (definition.keyVaultSecrets === undefined) return;
    for (const { in: key, name, reference } of unresolvedKeyVaultReferences(definition)) {
      const secret = `${reference.vault}/${reference.secret}`;
      yield {
        place: placeOf(site, key, name),
        message: `"${name}" refers to the secret ${secret}, which the local secrets have not.`,
        remedy: `Add "${secret}" to keyVaultSecrets, or correct the reference.`,
      };
    }
  },
};
