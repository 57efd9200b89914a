import { GoError, type GoAny, type JsonMember, type JsonNode } from "./json-node.ts";
import { toAny } from "./marshal-json.ts";

/** A Go type that JSON is decoded into. */
export type GoType =
  | { readonly kind: "string" | "bool" | "int" | "int32" | "any" }
  | { readonly kind: "map" }
  | { readonly kind: "slice"; readonly of: GoType }
  | GoStruct;

export interface GoStruct {
  readonly kind: "struct";
  /** With its package, as errors name it: `http.OutputBindingRequest`. */
  readonly name: string;
  /** By the names in JSON. */
  readonly fields: Readonly<Record<string, GoType>>;
}

export const STRING: GoType = { kind: "string" };
export const BOOL: GoType = { kind: "bool" };
export const INT32: GoType = { kind: "int32" };
export const ANY: GoType = { kind: "any" };
/** `map[string]string`. */
export const STRING_MAP: GoType = { kind: "map" };

export type Decoded = GoAny | readonly Decoded[] | StructValue | undefined;

/** The fields of a struct by their names; those that were not sent are missing. */
export type DecodedStruct = Readonly<Record<string, Decoded>>;

/** A struct among other decoded values. */
export class StructValue {
  readonly fields: DecodedStruct;

  constructor(fields: DecodedStruct) {
    this.fields = fields;
  }
}

interface Context {
  readonly struct?: string;
  readonly path: readonly string[];
}

/**
 * Go's decoding of a value into a type: field names match in any case, unknown ones and `null` are passed over, and it goes on
 * after the first fault, which is thrown at the end.
 * @throws {GoError}
 */
export function decodeJson(node: JsonNode, type: GoType): Decoded {
  const decoder = new Decoder();
  const value = decoder.decode(node, type, { path: [] });
  if (decoder.fault !== undefined) throw decoder.fault;
  return value;
}

class Decoder {
  fault: GoError | undefined;

  decode(node: JsonNode, type: GoType, context: Context): Decoded {
    if (node.kind === "null") return type.kind === "any" ? null : undefined;
    if (type.kind === "struct") return this.#struct(node, type, context);
    if (type.kind === "any") return this.#any(node, context);
    if (type.kind === "int" || type.kind === "int32") return this.#integer(node, type, context);
    if (type.kind === "slice" && node.kind === "array") {
      return node.items.map((item) => this.decode(item, type.of, context));
    }
    if (type.kind === "map" && node.kind === "object") return this.#map(node.members, context);
    const isScalar = (node.kind === "string" || node.kind === "bool") && node.kind === type.kind;
    return isScalar ? node.value : this.#mismatch(node, type, context);
  }

  /** A null among the values is the empty string. */
  #map(members: readonly JsonMember[], context: Context): Decoded {
    return new Map(
      members.flatMap(({ key, value }): [string, string][] => {
        const text = this.decode(value, STRING, context);
        return typeof text === "string" ? [[key, text]] : value.kind === "null" ? [[key, ""]] : [];
      }),
    );
  }

  #struct(node: JsonNode, type: GoStruct, context: Context): Decoded {
    if (node.kind !== "object") return this.#mismatch(node, type, context);
    const fields: Record<string, Decoded> = {};
    for (const { key, value } of node.members) {
      const name =
        key in type.fields
          ? key
          : Object.keys(type.fields).find((field) => field.toLowerCase() === key.toLowerCase());
      const field = name === undefined ? undefined : type.fields[name];
      if (name === undefined || field === undefined) continue;
      const decoded = this.decode(value, field, { struct: shortName(type), path: [...context.path, name] });
      if (decoded !== undefined) fields[name] = merged(fields[name], decoded);
    }
    return new StructValue(fields);
  }

  #integer(node: JsonNode, type: GoType, context: Context): Decoded {
    if (node.kind !== "number") return this.#mismatch(node, type, context);
    const value = Number(node.literal);
    const fits = /^-?\d+$/.test(node.literal) && (type.kind === "int" || Math.trunc(value) === (value | 0));
    return fits ? value : this.#mismatch(node, type, context, `number ${node.literal}`);
  }

  #any(node: JsonNode, context: Context): Decoded {
    try {
      return toAny(node, placeOf(context));
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      this.fault ??= error;
      return undefined;
    }
  }

  #mismatch(node: JsonNode, type: GoType, context: Context, found: string = node.kind): undefined {
    const place = placeOf(context);
    this.fault ??= new GoError(
      `json: cannot unmarshal ${found} into ${place === undefined ? "Go value" : `Go struct field ${place}`} of type ${typeName(type)}`,
    );
    return undefined;
  }
}

/** A map or struct that stands twice is filled twice. */
function merged(before: Decoded, after: Decoded): Decoded {
  if (before instanceof Map && after instanceof Map) return new Map([...before, ...after]);
  return before instanceof StructValue && after instanceof StructValue
    ? new StructValue({ ...before.fields, ...after.fields })
    : after;
}

function placeOf({ struct, path }: Context): string | undefined {
  return struct === undefined ? undefined : `${struct}.${path.join(".")}`;
}

function shortName({ name }: GoStruct): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function typeName(type: GoType): string {
  if (type.kind === "map") return "map[string]string";
  if (type.kind === "slice") return `[]${typeName(type.of)}`;
  return type.kind === "struct" ? type.name : type.kind;
}

/** A decoded struct; of a field that was not sent, Go's zero value. */
export function structOf(value: Decoded): DecodedStruct {
  return value instanceof StructValue ? value.fields : {};
}

/** What was decoded as `any`; what was not sent is null. */
export function anyOf(value: Decoded): GoAny {
  if (isAny(value)) return value;
  if (value === undefined) return null;
  throw new TypeError("a struct is not Go's any");
}

function isAny(value: Decoded): value is GoAny {
  return (
    value !== undefined && !(value instanceof StructValue) && (!Array.isArray(value) || value.every(isAny))
  );
}

export function structsOf(value: Decoded): DecodedStruct[] {
  return Array.isArray(value) ? value.map(structOf) : [];
}

export function textOf(value: Decoded): string {
  return typeof value === "string" ? value : "";
}

/** A decoded `map[string]string`. */
export function textsOf(value: Decoded): Map<string, string> {
  return new Map(
    value instanceof Map
      ? [...value].flatMap(([key, text]): [string, string][] =>
          typeof text === "string" ? [[String(key), text]] : [],
        )
      : [],
  );
}
