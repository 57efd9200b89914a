import type { AppSettingPart } from "../site-part.ts";
import type { Value } from "../value.ts";
import { composeEntries } from "./compose-entries.ts";
import type { Conversion } from "./convert-service.ts";
import { madeValue, type Made } from "./made-value.ts";

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly at: Value;
}

/**
 * A service's variables. Each value becomes the app setting `COMPOSE_<SERVICE>_<VARIABLE>`, which the container names; one
 * without a value names the site's app setting of its own name, if there is one.
 */
export function convertEnvironment(
  service: string,
  containerName: string,
  value: Value | undefined,
  { texts, ignore, hasSetting }: Conversion,
): { readonly references: Made[]; readonly appSettings: AppSettingPart[] } {
  const references: Made[] = [];
  const appSettings: AppSettingPart[] = [];
  const prefix = `COMPOSE_${containerName.toUpperCase().replaceAll("-", "_")}_`;
  for (const { name, value: text, at } of value === undefined ? [] : readVariables(value)) {
    const own = text === "" && hasSetting(name);
    const setting = own ? name : `${prefix}${name}`;
    references.push({ at, is: { name: { at, is: name }, value: { at, is: setting } } });
    if (own) continue;
    const made = madeValue(`appSettings.${setting}`, { at, is: text });
    appSettings.push({ name: setting, value: made, at: made });
  }
  return { references, appSettings };

  function readVariables(environment: Value): Variable[] {
    if (environment.isMap) {
      return composeEntries(environment).map(({ key, keyValue, value: entry }) => ({
        name: key,
        value: texts.of(entry) ?? "",
        at: entry.isNull ? keyValue : entry,
      }));
    }
    const found = new Map<string, Variable>();
    for (const item of environment.peekItems()) {
      const text = texts.of(item) ?? "";
      const equals = text.indexOf("=");
      if (equals === 0 || text === "") {
        ignore({ what: "environment", service, at: item, message: "has no name; the conversion skips it." });
        continue;
      }
      const name = equals === -1 ? text : text.slice(0, equals);
      found.set(name, { name, value: equals === -1 ? "" : text.slice(equals + 1), at: item });
    }
    return [...found.values()];
  }
}
