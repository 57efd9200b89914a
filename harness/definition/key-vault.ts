import type { SiteDefinition } from "./site-definition.ts";

/** What a reference `@Microsoft.KeyVault(…)` names (A4.6). */
export interface KeyVaultReference {
  readonly vault: string;
  readonly secret: string;
  /** Absent: the newest. */
  readonly version?: string;
}

/** A text that begins as a reference and is none. */
export interface MalformedKeyVaultReference {
  /** Completes "a Key Vault reference that …". */
  readonly fault: string;
}

/** An app setting or a connection string whose secret the site's `keyVaultSecrets` do not have. */
export interface UnresolvedKeyVaultReference {
  readonly in: "appSettings" | "connectionStrings";
  /** Of the setting or the connection string. */
  readonly name: string;
  readonly reference: KeyVaultReference;
}

const PREFIX = "@Microsoft.KeyVault(";
const NAME = /^[A-Za-z0-9-]+$/;

/**
 * `SecretUri=https://<vault>.<suffix>/secrets/<secret>[/<version>]`, or `VaultName=…;SecretName=…[;SecretVersion=…]`.
 * `undefined`: the text is no reference at all.
 */
export function parseKeyVaultReference(
  text: string,
): KeyVaultReference | MalformedKeyVaultReference | undefined {
  const trimmed = text.trim();
  if (!trimmed.toLowerCase().startsWith(PREFIX.toLowerCase())) return undefined;
  if (!trimmed.endsWith(")")) return { fault: "does not end with a closing bracket" };
  const fields = new Map<string, string>();
  for (const part of trimmed.slice(PREFIX.length, -1).split(";")) {
    const equals = part.indexOf("=");
    if (part.trim() === "") continue;
    if (equals === -1) return { fault: `has ${JSON.stringify(part)} where name=value has to stand` };
    fields.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  const uri = fields.get("secreturi");
  return uri === undefined ? fromNames(fields) : fromUri(uri);
}

/**
 * A text with its reference answered. What is no reference, or has no answer in the secrets, stays as it is: so does the
 * platform with a reference that it can't resolve.
 */
export function resolveKeyVaultReference(
  text: string,
  secrets: SiteDefinition["keyVaultSecrets"] = {},
): string {
  const reference = parseKeyVaultReference(text);
  if (reference === undefined || "fault" in reference) return text;
  return answerTo(reference, secrets) ?? text;
}

/** In the order of app settings and connection strings. */
export function unresolvedKeyVaultReferences(
  definition: Pick<SiteDefinition, "appSettings" | "connectionStrings" | "keyVaultSecrets">,
): UnresolvedKeyVaultReference[] {
  const unresolved = (
    where: UnresolvedKeyVaultReference["in"],
    values: readonly { readonly name: string; readonly value: string }[],
  ): UnresolvedKeyVaultReference[] =>
    values.flatMap(({ name, value }) => {
      const reference = parseKeyVaultReference(value);
      if (reference === undefined || "fault" in reference) return [];
      if (answerTo(reference, definition.keyVaultSecrets ?? {}) !== undefined) return [];
      return [{ in: where, name, reference }];
    });
  return [
    ...unresolved("appSettings", definition.appSettings),
    ...unresolved("connectionStrings", definition.connectionStrings ?? []),
  ];
}

/** The key under which a site's `keyVaultSecrets` answer: vaults and secrets have names without case. */
export function keyVaultSecretKey(...names: readonly string[]): string {
  return names.join("/").toLowerCase();
}

/** A version that is named is looked for first; without an answer of its own the secret's only one counts. */
function answerTo(
  { vault, secret, version }: KeyVaultReference,
  secrets: Readonly<Record<string, string>>,
): string | undefined {
  const keys = [
    ...(version === undefined ? [] : [keyVaultSecretKey(vault, secret, version)]),
    keyVaultSecretKey(vault, secret),
  ];
  const found = keys.find((key) => Object.hasOwn(secrets, key));
  return found === undefined ? undefined : secrets[found];
}

function fromNames(fields: ReadonlyMap<string, string>): KeyVaultReference | MalformedKeyVaultReference {
  const vault = fields.get("vaultname") ?? "";
  const secret = fields.get("secretname") ?? "";
  const version = fields.get("secretversion") ?? "";
  if (vault === "" && secret === "") return { fault: "has neither SecretUri nor VaultName and SecretName" };
  if (!NAME.test(vault)) return { fault: vault === "" ? "has no VaultName" : "has a VaultName that is none" };
  if (!NAME.test(secret))
    return { fault: secret === "" ? "has no SecretName" : "has a SecretName that is none" };
  return { vault, secret, ...(version === "" ? {} : { version }) };
}

function fromUri(uri: string): KeyVaultReference | MalformedKeyVaultReference {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== "https:") return { fault: "has a SecretUri that is no https URL" };
  const [kind, secret = "", version = "", ...rest] = url.pathname.split("/").slice(1);
  const vault = url.hostname.split(".", 1)[0] ?? "";
  if (kind !== "secrets" || !NAME.test(secret) || rest.length > 0) {
    return { fault: "has a SecretUri without /secrets/<name>" };
  }
  return { vault, secret, ...(version === "" ? {} : { version }) };
}
