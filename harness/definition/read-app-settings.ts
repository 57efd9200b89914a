import { defined } from "./defined.ts";
import { isWrong, readPlatformAppSetting } from "./platform-app-settings.ts";
import { describePlace, type Place } from "./problems.ts";
import type { AppSetting } from "./site-definition.ts";
import type { Value } from "./value.ts";

/**
 * App settings as `az webapp config appsettings list -o json` prints them (A1.16), or as an object of names and
 * values. A name twice is a problem; names are compared without case, as App Service does.
 */
export function readAppSettings(value: Value): AppSetting[] {
  const places = new Map<string, Place>();
  const claim = (name: string, at: Value): void => {
    const first = places.get(name.toLowerCase());
    if (first === undefined) {
      places.set(name.toLowerCase(), at.place);
    } else {
      at.complain(
        `sets "${name}" a second time; first at ${describePlace(first)}.`,
        "Remove one of the two; names differ in more than case.",
      );
    }
  };
  return value.isMap ? readRecord(value, claim) : readList(value, claim);
}

type Claim = (name: string, at: Value) => void;

function readRecord(value: Value, claim: Claim): AppSetting[] {
  return value.entries().map(({ key, keyValue, value: setting }) => {
    checkName(key, keyValue);
    claim(key, keyValue);
    return { name: key, value: readValue(key, setting) };
  });
}

function readList(value: Value, claim: Claim): AppSetting[] {
  return value.items().map((item) => {
    const fields = item.fields({ known: ["name", "value", "slotSetting"] });
    const nameValue = fields.required("name");
    const name = nameValue?.text() ?? "";
    if (nameValue !== undefined && name !== "") {
      checkName(name, nameValue);
      claim(name, nameValue);
    }
    // The CLI prints null for a value it may not show; App Service passes such a setting as empty.
    const setting = fields.optional("value");
    return defined({
      name,
      value: setting === undefined ? "" : readValue(name, setting),
      slotSetting: fields.optional("slotSetting")?.flag(),
    });
  });
}

function checkName(name: string, at: Value): void {
  if (!/[A-Za-z0-9_.:]/.test(name)) {
    at.complain(
      `names a setting ${JSON.stringify(name)}, of which nothing is left as an environment variable (A4.3).`,
      "Use letters, digits, underscores, dots or colons.",
    );
  }
}

function readValue(name: string, value: Value): string {
  const text = value.isNull ? "" : (value.literal() ?? "");
  const reading = readPlatformAppSetting(name, text);
  if (isWrong(reading)) value.complain(`(${name}) ${reading.message}`, reading.remedy);
  return text;
}
