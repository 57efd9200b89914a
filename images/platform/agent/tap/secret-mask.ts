import { MASKED, maskValue } from "../../../../harness/plan/mask-environment.ts";
import type { WireHeaders } from "../../../../harness/timeline/exchange.ts";

/** Headers that hold secrets and whose names do not sound like it. */
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
]);

/** Names in bodies and queries that hold secrets. A plain `key` does not: Dapr's states and configurations are named by theirs. */
const SECRET_NAME =
  "(?!token[-_]?(?:type|endpoint|uri|url|limit|count)\\b|max[-_]?(?:\\w+[-_])?tokens\\b)[^\"'\\\\&=?/\\s]*(?:secret|passw|pwd|token|credential|connection_?str|connstr|assertion|signature|(?:account|access|api|auth|shared|private|primary|secondary|master|storage|subscription|functions|encryption|signing)[-_]?key|identity[-_]header)[^\"'\\\\&=?/\\s]*";

/** `"name": "value"`, also where the end is missing. */
const JSON_PAIR = new RegExp(`("${SECRET_NAME}"\\s*:\\s*")((?:[^"\\\\]|\\\\[^])*)`, "gi");
/** The same within a JSON text that is a string of another one, however deep. */
const NESTED_PAIR = new RegExp(
  `((\\\\+)"${SECRET_NAME}\\2"\\s*:\\s*\\2")((?:(?!\\\\*")[^])*(?:\\\\{3,}"(?:(?!\\\\*")[^])*)*)`,
  "gi",
);
/** `name=value` of a query or a form. */
const FORM_PAIR = new RegExp(`((?:^|[?&\\s"])(?:${SECRET_NAME}|sig|code|sas)=)([^&\\s"'\\\\]+)`, "gi");
/** What is a secret wherever it stands; the first group stays. */
const PATTERNS = [
  /\b()eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g,
  /((?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=\s*)[^;"'\s\\&]+/gi,
  /(\b(?:Bearer|SharedKey|SharedKeyLite|Basic)\s+)[\w.:~+/=-]{8,}/g,
  /(:\/\/[^/\s:@"]+:)[^/\s@"]+(?=@)/g,
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
] as const;

/** Answers that are secrets as a whole. */
const SECRETS_PATH = /^\/v1\.0(?:-[a-z0-9]+)?\/secrets\//;
const JSON_VALUE = /(:\s*")((?:[^"\\]|\\.)*)/g;

/** Takes secrets out of what was on the wire: those that are known by value, and those that names and forms tell of. */
export class SecretMask {
  readonly #known: readonly string[];

  /** @param known values of this site that are secrets. */
  constructor(known: readonly string[]) {
    this.#known = [...new Set(known.flatMap(spellings))].toSorted((a, b) => b.length - a.length);
  }

  headers(headers: WireHeaders): WireHeaders {
    return headers.map(([name, value]) => [name, this.#header(name, value)] as const);
  }

  /** A path with its query. */
  path(path: string): string {
    return this.text(path);
  }

  text(text: string): string {
    let masked = text;
    for (const secret of this.#known) masked = masked.replaceAll(secret, MASKED);
    masked = masked.replaceAll(NESTED_PAIR, `$1${MASKED}`);
    masked = masked.replaceAll(JSON_PAIR, `$1${MASKED}`);
    masked = masked.replaceAll(FORM_PAIR, `$1${MASKED}`);
    for (const pattern of PATTERNS) masked = masked.replaceAll(pattern, `$1${MASKED}`);
    return masked;
  }

  /** A body that is no text: byte for byte, so that what is no secret stays as it is. */
  bytes(bytes: Buffer): Buffer {
    const text = bytes.toString("latin1");
    const masked = this.text(text);
    return masked === text ? bytes : Buffer.from(masked, "latin1");
  }

  /** The body of an answer to a request for this path. */
  answer(path: string, text: string): string {
    if (!SECRETS_PATH.test(path)) return this.text(text);
    const masked = text.replaceAll(JSON_VALUE, `$1${MASKED}`);
    return masked === text ? MASKED : masked;
  }

  /** A decoded message: its strings, and what its fields of bytes hold, which are in base64 there. @param all every value is a secret. */
  json(value: unknown, { all = false }: { readonly all?: boolean } = {}): unknown {
    return this.#json(value, "", all);
  }

  #json(value: unknown, name: string, all: boolean): unknown {
    if (typeof value === "string") {
      if (all || IS_SECRET_NAME.test(name)) return value === "" ? value : MASKED;
      return this.#string(value);
    }
    if (Array.isArray(value)) return value.map((one: unknown) => this.#json(one, name, all));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [this.text(key), this.#json(one, key, all)]),
    );
  }

  #string(value: string): string {
    const masked = this.text(value);
    if (masked !== value || !BASE64.test(value)) return masked;
    const bytes = Buffer.from(value, "base64");
    const inside = this.bytes(bytes);
    return inside === bytes ? value : inside.toString("base64");
  }

  #header(name: string, value: string): string {
    if (SECRET_HEADERS.has(name.toLowerCase())) return MASKED;
    const byName = maskValue(name.replaceAll("-", "_"), value);
    return byName === value ? this.text(value) : byName;
  }
}

const IS_SECRET_NAME = new RegExp(`^${SECRET_NAME}$`, "i");
const BASE64 = /^(?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A secret as it stands in a body, in a JSON text and in a query. */
function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}
