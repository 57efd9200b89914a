import type { AppSettingPart, ConnectionStringPart } from "../site-part.ts";
import type { Value } from "../value.ts";

/** A field by its name in any case; `null` counts as absent. Never a problem. */
export function fieldOf(value: Value | undefined, key: string): Value | undefined {
  if (value?.isMap !== true) return undefined;
  const folded = key.toLowerCase();
  const found = value.entries().find((entry) => entry.key.toLowerCase() === folded)?.value;
  return found === undefined || found.isNull ? undefined : found;
}

/** The names that `slotConfigNames` keeps with their slot, in lower case. */
export interface StickyNames {
  readonly appSettings: ReadonlySet<string>;
  readonly connectionStrings: ReadonlySet<string>;
}

export function stickyNamesOf(properties: Value | undefined): StickyNames {
  return {
    appSettings: namesOf(fieldOf(properties, "appSettingNames")),
    connectionStrings: namesOf(fieldOf(properties, "connectionStringNames")),
  };
}

function namesOf(list: Value | undefined): Set<string> {
  const names = list?.items().map((item) => item.text()?.toLowerCase()) ?? [];
  return new Set(names.filter((name) => name !== undefined));
}

/**
 * The app settings: `config/appsettings`, which replaces all of them when it is deployed after the site, else those of
 * `siteConfig`.
 */
export function appSettingsOf(
  replacing: Value | undefined,
  listed: Value | undefined,
  sticky: StickyNames,
): AppSettingPart[] | undefined {
  const withSlot = (name: string): { slotSetting?: true } =>
    sticky.appSettings.has(name.toLowerCase()) ? { slotSetting: true } : {};
  if (replacing !== undefined) {
    return replacing
      .entries()
      .map(({ key, keyValue, value }) => ({ name: key, value, at: keyValue, ...withSlot(key) }));
  }
  return listed?.items().flatMap((item) => {
    const name = nameOf(item);
    const value = valueOf(item, "value");
    return name === undefined || value === undefined ? [] : [{ name, value, at: item, ...withSlot(name) }];
  });
}

/** The connection strings, as `appSettingsOf` the app settings. */
export function connectionStringsOf(
  replacing: Value | undefined,
  listed: Value | undefined,
  sticky: StickyNames,
): ConnectionStringPart[] | undefined {
  const part = (name: string, at: Value, entry: Value, valueKey: string): ConnectionStringPart[] => {
    const [value, type] = [valueOf(entry, valueKey), valueOf(entry, "type")];
    if (value === undefined || type === undefined) return [];
    const slot = sticky.connectionStrings.has(name.toLowerCase()) ? { slotSetting: true } : {};
    return [{ name, value, type, at, ...slot }];
  };
  if (replacing !== undefined) {
    return replacing.entries().flatMap(({ key, keyValue, value }) => part(key, keyValue, value, "value"));
  }
  return listed?.items().flatMap((item) => {
    const name = nameOf(item);
    return name === undefined ? [] : part(name, item, item, "connectionString");
  });
}

function nameOf(item: Value): string | undefined {
  const name = valueOf(item, "name");
  return name?.text();
}

/** A field that must be there; it may be `null`, as Azure prints what it may not show. */
function valueOf(item: Value, key: string): Value | undefined {
  if (!item.isMap) {
    return item.complain(`must be an object, found ${item.describe()}.`, "Write {…}.");
  }
  const found = item.entries().find((entry) => entry.key.toLowerCase() === key.toLowerCase());
  return found?.value ?? item.complain(`has no "${key}".`, `Add "${key}".`);
}
