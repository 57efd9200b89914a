import { datumFromJson, type Datum, type Result } from "../datum.ts";
import { TemplateFault, type Work } from "../faults.ts";
import { settled, type Arguments } from "./arguments.ts";

/** As JSON, without blanks. @throws {Gap} where a part is known to Azure alone. */
export function jsonOf(given: Datum, work: Work): string {
  return work.deeper(() => {
    const datum = settled(given);
    if (datum.kind === "null") return "null";
    if (datum.kind === "list") return `[${datum.items.map((item) => jsonOf(item, work)).join(",")}]`;
    if (datum.kind === "object") {
      const pairs = [...datum.entries].map(([key, value]) => `${JSON.stringify(key)}:${jsonOf(value, work)}`);
      return `{${pairs.join(",")}}`;
    }
    work.spend(Math.ceil(String(datum.value).length / 100));
    return datum.kind === "number" ? (datum.written ?? String(datum.value)) : JSON.stringify(datum.value);
  });
}

/** What `string()` and `format()` make of a value: .NET writes `True` and `False`; arrays and objects become JSON. */
export function stringOf(given: Datum, work: Work): string {
  const datum = settled(given);
  if (datum.kind === "text") return datum.value;
  if (datum.kind === "flag") return datum.value ? "True" : "False";
  if (datum.kind === "null") return "";
  return jsonOf(datum, work);
}

/** Whether two values are equal as ARM compares them: case counts, the order of keys does not. */
export function equalData(one: Datum, other: Datum, work: Work): boolean {
  return work.deeper(() => {
    const [a, b] = [settled(one), settled(other)];
    if (a.kind === "list" && b.kind === "list") {
      return (
        a.items.length === b.items.length &&
        a.items.every((item, index) => {
          const match = b.items[index];
          return match !== undefined && equalData(item, match, work);
        })
      );
    }
    if (a.kind === "object" && b.kind === "object") {
      if (a.entries.size !== b.entries.size) return false;
      return [...a.entries].every(([key, value]) => {
        const match = b.entries.get(key);
        return match !== undefined && equalData(value, match, work);
      });
    }
    if (a.kind === "null" || b.kind === "null") return a.kind === b.kind;
    return "value" in a && "value" in b && a.value === b.value;
  });
}

/** @throws {TemplateFault} no JSON. ARM's own documentation writes JSON in single quotes too; Azure takes it. */
export function parseJson(text: string, args: Arguments): Datum {
  args.work.spend(Math.ceil(text.length / 10));
  try {
    return datumFromJson(JSON.parse(text), args.origin);
  } catch (error) {
    if (error instanceof TemplateFault) throw error;
  }
  try {
    return datumFromJson(JSON.parse(text.replaceAll("'", '"')), args.origin);
  } catch (error) {
    if (error instanceof TemplateFault) throw error;
    return args.fail(`was given no JSON: ${JSON.stringify(text.slice(0, 40))}`, "Correct the JSON.");
  }
}

export const CONVERSIONS: Readonly<Record<string, (args: Arguments) => Result>> = {
  string: (args) => stringOf(args.at(0), args.work),
  json: (args) => ({ datum: parseJson(args.text(0), args) }),
  null: () => null,
  true: () => true,
  false: () => false,
  int(args) {
    const datum = args.at(0);
    if (datum.kind === "number") return Math.trunc(datum.value);
    const text = datum.kind === "text" ? datum.value.trim() : "";
    return /^[+-]?\d{1,15}$/.test(text)
      ? Number(text)
      : args.fail("wants a whole number, or a text that is one", "Correct the value.");
  },
  bool(args) {
    const datum = args.at(0);
    if (datum.kind === "flag") return datum.value;
    if (datum.kind === "number") return datum.value !== 0;
    const text = datum.kind === "text" ? datum.value.trim().toLowerCase() : "";
    if (text === "true" || text === "1") return true;
    if (text === "false" || text === "0") return false;
    return args.fail('wants true, false, a number, "true" or "false"', "Correct the value.");
  },
  array(args) {
    const datum = args.at(0);
    return datum.kind === "list" ? { datum } : [datum];
  },
  base64: (args) => Buffer.from(args.text(0), "utf8").toString("base64"),
  base64tostring: (args) => decode(args.text(0), args),
  base64tojson: (args) => ({ datum: parseJson(decode(args.text(0), args), args) }),
  uricomponent: (args) => escapeUri(args.text(0)),
  uricomponenttostring: (args) => unescapeUri(args.text(0), args),
  uri(args) {
    const [base, relative] = [args.text(0), args.text(1)];
    return URL.canParse(relative, base)
      ? new URL(relative, base).href
      : args.fail(`was given no absolute address: ${JSON.stringify(base)}`, "Begin it with https://.");
  },
  datauri: (args) =>
    `data:text/plain;charset=utf8;base64,${Buffer.from(stringOf(args.at(0), args.work), "utf8").toString("base64")}`,
  datauritostring(args) {
    const match = /^data:[^,]*?(;base64)?,(.*)$/is.exec(args.text(0));
    if (match === null) return args.fail("was given no data URI", "Begin it with data:.");
    const [, base64, data = ""] = match;
    return base64 === undefined ? unescapeUri(data, args) : decode(data, args);
  },
};

function decode(text: string, args: Arguments): string {
  return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)
    ? Buffer.from(text, "base64").toString("utf8")
    : args.fail("was given a text that is no base64", "Correct the text.");
}

function unescapeUri(text: string, args: Arguments): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return args.fail("was given a text that is not URI-encoded", "Correct the text.");
  }
}

/** RFC 3986's reserved characters all escaped, as .NET does. */
function escapeUri(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
