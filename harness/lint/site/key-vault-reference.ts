import type { Rule } from "../rule.ts";
import { placeOf } from "./site-view.ts";

const REFERENCE = /^@Microsoft\.KeyVault\((?<inside>[^)]*)\)$/i;
const SECRET_URI = /^https:\/\/(?<vault>[\w-]+)\.vault\.[\w.-]+\/secrets\/(?<secret>[\w-]+)(?:\/\w*)?\/?$/i;

/** `<vault>/<secret>` of a reference; `malformed`; `undefined` of a value that is no reference. */
function secretOf(value: string): string | undefined {
  const inside = REFERENCE.exec(value.trim())?.groups?.["inside"];
  if (inside === undefined) return /^@Microsoft\.KeyVault/i.test(value.trim()) ? "malformed" : undefined;
  const parts = new Map(
    inside.split(";").map((part): [string, string] => {
      const [key = "", ...rest] = part.split("=");
      return [key.trim().toLowerCase(), rest.join("=").trim()];
    }),
  );
  const uri = SECRET_URI.exec(parts.get("secreturi") ?? "")?.groups;
  const vault = uri?.["vault"] ?? parts.get("vaultname") ?? "";
  const secret = uri?.["secret"] ?? parts.get("secretname") ?? "";
  return vault === "" || secret === "" ? "malformed" : `${vault}/${secret}`;
}

export const keyVaultReference: Rule = {
  id: "SC017",
  name: "key-vault-reference",
  severity: "warning",
  title: "A Key Vault reference is answered by nothing.",
  reason:
    "A reference that can't be resolved does not stop a start: containers get the reference's own text in place of the secret, and fail later with a wrong password.",
  source: "A4.6; https://learn.microsoft.com/azure/app-service/app-service-key-vault-references",
  remedy: "Add the secret to the local secrets (keyVaultSecrets of the site file), or correct the reference.",
  example:
    "appSettings:\n  DB_PASSWORD: '@Microsoft.KeyVault(VaultName=shop;SecretName=database)'\nkeyVaultSecrets: { shop/db: local-only }\n",
  *check({ site }) {
    if (site === undefined) return;
    const { appSettings, connectionStrings = [], keyVaultSecrets } = site.definition;
    const known =
      keyVaultSecrets === undefined ? undefined : new Set(Object.keys(keyVaultSecrets).map(lower));
    const valued = [
      ...appSettings.map(({ name, value }) => ({ name, value, key: "appSettings" })),
      ...connectionStrings.map(({ name, value }) => ({ name, value, key: "connectionStrings" })),
    ];
    for (const { name, value, key } of valued) {
      const secret = secretOf(value);
      if (secret === undefined) continue;
      const place = placeOf(site, key, name);
      if (secret === "malformed") {
        yield {
          place,
          severity: "error",
          message: `"${name}" is a Key Vault reference that names no secret.`,
          remedy:
            "Write @Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>) or (VaultName=<vault>;SecretName=<secret>).",
        };
        // Without local secrets none can be answered, and nothing is wrong with the site.
      } else if (known !== undefined && !known.has(lower(secret))) {
        yield {
          place,
          message: `"${name}" refers to the secret ${secret}, which the local secrets have not.`,
          remedy: `Add "${secret}" to keyVaultSecrets, or correct the reference.`,
        };
      }
    }
  },
};

function lower(text: string): string {
  return text.toLowerCase();
}
