import { GoError, type GoAny } from "../go/json-node.ts";
import { toAny } from "../go/marshal-json.ts";
import { parseJson } from "../go/parse-json.ts";
import type { SecretStore } from "./secret-store.ts";

type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface FileSecretsOptions {
  /** Between the names of nested secrets. */
  readonly separator: string;
  /** A secret that is an object has several values. */
  readonly multiValued: boolean;
}

/** `secretstores.local.file`: nested names are joined, and what is no text is written as Go's `%s` writes it. */
export class FileSecrets implements SecretStore {
  readonly #secrets: Secrets;

  /** @throws {GoError} */
  constructor(content: Uint8Array, { separator, multiValued }: FileSecretsOptions) {
    const root = toAny(parseJson(content));
    if (!(root instanceof Map)) {
      throw new GoError("json: cannot unmarshal into Go value of type map[string]interface {}");
    }
    this.#secrets = multiValued ? multipleOf(root, separator) : singlesOf(root, separator);
  }

  get(name: string): Readonly<Record<string, string>> {
    const secret = Object.hasOwn(this.#secrets, name) ? this.#secrets[name] : undefined;
    if (secret === undefined) throw new GoError(`secret ${name} not found`);
    return secret;
  }

  all(): Secrets {
    return this.#secrets;
  }
}

function singlesOf(root: ReadonlyMap<string, GoAny>, separator: string): Secrets {
  return Object.fromEntries(flatten(root, separator).map(([name, value]) => [name, { [name]: value }]));
}

function multipleOf(root: ReadonlyMap<string, GoAny>, separator: string): Secrets {
  const secrets = [...root].flatMap(([name, value]): [string, Record<string, string>][] => {
    if (typeof value === "string") return [[name, { [name]: value }]];
    return value instanceof Map ? [[name, Object.fromEntries(flatten(value, separator))]] : [];
  });
  return Object.fromEntries(secrets);
}

function flatten(value: GoAny, separator: string, path: readonly string[] = []): [string, string][] {
  const nested = (entries: Iterable<readonly [string | number, GoAny]>): [string, string][] =>
    [...entries].flatMap(([key, one]) => flatten(one, separator, [...path, String(key)]));
  if (isMap(value)) return nested(value);
  if (isList(value)) return nested(value.entries());
  return [[path.join(separator), formatted(value)]];
}

function isMap(value: GoAny): value is ReadonlyMap<string, GoAny> {
  return value instanceof Map;
}

/** `Array.isArray` does not narrow a read-only array. */
function isList(value: GoAny): value is readonly GoAny[] {
  return Array.isArray(value);
}

function formatted(value: Exclude<GoAny, readonly GoAny[] | ReadonlyMap<string, GoAny>>): string {
  if (typeof value === "string") return value;
  if (value === null) return "%!s(<nil>)";
  return typeof value === "boolean" ? `%!s(bool=${value})` : `%!s(float64=${exponential(value)})`;
}

/** Go's `%v` of a float64: exponents of two digits at least, from 21 on. */
function exponential(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return Object.is(value, -0) ? "-0" : String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
