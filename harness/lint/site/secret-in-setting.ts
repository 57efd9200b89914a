import type { Rule } from "../rule.ts";
import { isComputed, placeOf } from "./site-view.ts";
import { isSecret } from "./secrets-in-text.ts";

const REMEDY =
  "Put it into a Key Vault and write @Microsoft.KeyVault(SecretUri=…), or use the identity, which needs no secret.";

export const secretInSetting: Rule = {
  id: "SC016",
  name: "secret-in-setting",
  severity: "warning",
  title: "A secret is written out in an app setting or a connection string.",
  reason:
    "Whoever reads the file, the deployment's history or one container's environment has it, and every container that inherits gets it.",
  source: "A1.7, A4.6; https://learn.microsoft.com/azure/app-service/app-service-key-vault-references",
  remedy: REMEDY,
  example: "appSettings: { DB_PASSWORD: correct-horse }\n",
  *check({ site }) {
    if (site === undefined) return;
    for (const { name, value } of site.definition.appSettings) {
      if (!isSecret(name, value)) continue;
      const place = placeOf(site, "appSettings", name, "value");
      if (isComputed(place)) continue;
      yield {
        place,
        message: `the app setting "${name}" holds a secret that is written out.`,
        remedy: REMEDY,
      };
    }
    for (const { name, value } of site.definition.connectionStrings ?? []) {
      if (!isSecret("", value)) continue;
      const place = placeOf(site, "connectionStrings", name, "value");
      if (isComputed(place)) continue;
      yield {
        place,
        message: `the connection string "${name}" holds a secret that is written out.`,
        remedy: REMEDY,
      };
    }
  },
};
