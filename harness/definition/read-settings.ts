import { defined } from "./defined.ts";
import { parseKeyVaultReference } from "./key-vault.ts";
import type { Origins } from "./origins.ts";
import { isWrong, readPlatformAppSetting } from "./platform-app-settings.ts";
import type { AppSetting, ConnectionString, ConnectionStringType } from "./site-definition.ts";
import type { AppSettingPart, ConnectionStringPart } from "./site-part.ts";
import type { Value } from "./value.ts";

const CONNECTION_STRING_TYPES = [
  "SQLServer",
  "SQLAzure",
  "MySql",
  "PostgreSQL",
  "Custom",
  "NotificationHub",
  "ServiceBus",
  "EventHub",
  "DocDb",
  "RedisCache",
] as const satisfies readonly ConnectionStringType[];

/**
 * The app settings of all files. Names are compared without case, as App Service does; the later of two has the name as it
 * stands and the value, and what it does not say (`slotSetting`) stays.
 */
export function readAppSettings(
  sources: readonly (readonly AppSettingPart[])[],
  origins: Origins,
): AppSetting[] {
  return mergeByName(sources).map((same) => {
    const last = lastOf(same);
    checkName(last.name, last.at);
    origins.set(["appSettings", last.name], last.at.place);
    origins.set(["appSettings", last.name, "value"], last.value.place);
    return defined({
      name: last.name,
      value: readAppSetting(last.name, last.value),
      slotSetting: same.findLast(({ slotSetting }) => slotSetting !== undefined)?.slotSetting,
    });
  });
}

/** The connection strings of all files, merged as app settings are. */
export function readConnectionStrings(
  sources: readonly (readonly ConnectionStringPart[])[],
  origins: Origins,
): ConnectionString[] {
  return mergeByName(sources).map((same) => {
    const last = lastOf(same);
    checkName(last.name, last.at);
    origins.set(["connectionStrings", last.name], last.at.place);
    origins.set(["connectionStrings", last.name, "value"], last.value.place);
    const value = last.value.isNull ? "" : (last.value.literal() ?? "");
    checkKeyVaultReference(value, last.value);
    return defined({
      name: last.name,
      value,
      type: last.type.oneOf(CONNECTION_STRING_TYPES, { ignoreCase: true }) ?? "Custom",
      slotSetting: same.findLast(({ slotSetting }) => slotSetting !== undefined)?.slotSetting,
    });
  });
}

/** In the order of first mention; within each, in the order in which the files are applied. */
function mergeByName<T extends { readonly name: string }>(
  sources: readonly (readonly T[])[],
): (readonly T[])[] {
  return [...Map.groupBy(sources.flat(), ({ name }) => name.toLowerCase()).values()];
}

function lastOf<T>(same: readonly T[]): T {
  const last = same.at(-1);
  if (last === undefined) throw new RangeError("a group is never empty");
  return last;
}

function checkName(name: string, at: Value): void {
  if (!/[A-Za-z0-9_.:]/.test(name)) {
    at.complain(
      `names a setting ${JSON.stringify(name)}, of which nothing is left as an environment variable (A4.3).`,
      "Use letters, digits, underscores, dots or colons.",
      "SC026",
    );
  }
}

function readAppSetting(name: string, value: Value): string {
  const text = value.isNull ? "" : (value.literal() ?? "");
  const reading = readPlatformAppSetting(name, text);
  if (isWrong(reading)) {
    value.complain(
      `(${name}) ${reading.message}`,
      reading.remedy,
      name.includes("WARMUP") ? "SC030" : "SC031",
    );
  }
  checkKeyVaultReference(text, value);
  return text;
}

function checkKeyVaultReference(text: string, at: Value): void {
  const reference = parseKeyVaultReference(text);
  if (reference !== undefined && "fault" in reference) {
    at.complain(
      `is a Key Vault reference that ${reference.fault}.`,
      "Write @Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>) or @Microsoft.KeyVault(VaultName=<vault>;SecretName=<secret>).",
      "SC017",
    );
  }
}
