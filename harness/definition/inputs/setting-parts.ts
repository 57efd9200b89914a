import { defined } from "../defined.ts";
import { describePlace, type Place } from "../problems.ts";
import type { AppSettingPart, ConnectionStringPart } from "../site-part.ts";
import { Value } from "../value.ts";

/**
 * App settings as `az webapp config appsettings list -o json` prints them (A1.16), or as an object of names and
 * values. A name twice is a problem; names are compared without case, as App Service does.
 */
export function appSettingParts(value: Value): AppSettingPart[] {
  const claim = claims();
  if (value.isMap) {
    return value.entries().map(({ key, keyValue, value: setting }) => {
      claim(key, keyValue);
      return { name: key, value: setting, at: keyValue };
    });
  }
  return value.items().flatMap((item) => {
    const fields = item.fields({ known: ["name", "value", "slotSetting"] });
    const at = fields.required("name");
    const name = at?.text();
    if (at === undefined || name === undefined) return [];
    claim(name, at);
    return [
      {
        name,
        // The CLI prints null for a value it may not show; App Service passes such a setting as empty.
        value: item.peek("value") ?? nothing(item),
        at,
        ...defined({ slotSetting: fields.optional("slotSetting")?.flag() }),
      },
    ];
  });
}

/**
 * Connection strings as `az webapp config connection-string list -o json` prints them (A1.16), as ARM's `siteConfig` has
 * them (`connectionString` for `value`), or as an object of names with `{ value, type }`.
 */
export function connectionStringParts(value: Value): ConnectionStringPart[] {
  const claim = claims();
  const known = ["value", "connectionString", "type", "slotSetting"];
  if (value.isMap) {
    return value.entries().flatMap(({ key, keyValue, value: entry }) => {
      claim(key, keyValue);
      return connectionString(key, keyValue, entry, known);
    });
  }
  return value.items().flatMap((item) => {
    const at = item.peek("name");
    if (at === undefined) {
      if (item.isMap) item.complain('has no "name".', 'Add "name".');
      else item.fields({ known });
      return [];
    }
    const name = at.text();
    if (name === undefined) return [];
    claim(name, at);
    return connectionString(name, at, item, ["name", ...known]);
  });
}

function connectionString(
  name: string,
  at: Value,
  entry: Value,
  known: readonly string[],
): ConnectionStringPart[] {
  const fields = entry.fields({ known });
  const value = fields.optional("connectionString") ?? fields.required("value");
  const type = fields.required("type");
  if (value === undefined || type === undefined) return [];
  return [{ name, value, type, at, ...defined({ slotSetting: fields.optional("slotSetting")?.flag() }) }];
}

type Claim = (name: string, at: Value) => void;

/** Names of one file; the second of two that differ in no more than case is a problem. */
function claims(): Claim {
  const places = new Map<string, Place>();
  return (name, at) => {
    const first = places.get(name.toLowerCase());
    if (first === undefined) {
      places.set(name.toLowerCase(), at.place);
    } else {
      at.complain(
        `sets "${name}" a second time; first at ${describePlace(first)}.`,
        "Remove one of the two; names differ in more than case.",
        "SC028",
      );
    }
  };
}

function nothing(item: Value): Value {
  return new Value(item.source, item.problems, `${item.name}.value`, null, item.offset);
}
