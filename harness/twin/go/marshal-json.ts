import { GoError, type GoAny, type JsonNode } from "./json-node.ts";

/** A struct's fields in their order, beside what decoding gives. `undefined` fields are left out, as by `omitempty`. */
export type Marshallable =
  | GoAny
  | readonly Marshallable[]
  | ReadonlyMap<string, Marshallable>
  | RawJson
  | { readonly [field: string]: Marshallable | undefined };

/** What is JSON already, as `json.RawMessage`. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Go's `json.Marshal`: a map's keys by their bytes, a struct's (here: a plain object's) in their order, `<`, `>`, `&`,
 * U+2028 and U+2029 escaped, numbers as float64.
 */
export function marshalJson(value: Marshallable): string {
  if (value === null) return "null";
  if (typeof value === "string") return marshalString(value);
  if (typeof value === "number") return marshalNumber(value);
  if (typeof value === "boolean") return String(value);
  if (value instanceof RawJson) return value.text;
  if (isList(value)) return `[${value.map((item) => marshalJson(item)).join(",")}]`;
  if (value instanceof Map) return marshalMembers([...value].toSorted(([a], [b]) => compareBytes(a, b)));
  return marshalMembers(Object.entries(value));
}

/** `Array.isArray` does not narrow a read-only array. */
function isList(value: object): value is readonly Marshallable[] {
  return Array.isArray(value);
}

function marshalMembers(members: readonly (readonly [string, Marshallable | undefined])[]): string {
  const texts = members.flatMap(([key, value]) =>
    value === undefined ? [] : [`${marshalString(key)}:${marshalJson(value)}`],
  );
  return `{${texts.join(",")}}`;
}

function marshalString(text: string): string {
  // JSON.stringify writes control characters as Go does, U+007F as it is.
  return JSON.stringify(text).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** ECMAScript's shortest form is Go's, but for the sign of zero and where exponents begin below one. */
function marshalNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return String(value);
}

/** By the bytes of their UTF-8. */
export function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/**
 * Decodes into Go's `any`.
 * @throws {GoError} for a number that is no float64; `within` names the struct's field that it stands in.
 */
export function toAny(node: JsonNode, within?: string): GoAny {
  if (node.kind === "null") return null;
  if (node.kind === "bool" || node.kind === "string") return node.value;
  if (node.kind === "array") return node.items.map((item) => toAny(item, within));
  if (node.kind === "object")
    return new Map(node.members.map(({ key, value }) => [key, toAny(value, within)]));
  const value = Number(node.literal);
  if (Number.isFinite(value)) return value;
  const place = within === undefined ? "Go value" : `Go struct field ${within}`;
  throw new GoError(`json: cannot unmarshal number ${node.literal} into ${place} of type float64`);
}
