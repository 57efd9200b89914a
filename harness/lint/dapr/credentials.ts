import { entryOf, type ComponentView, type MetadataEntry } from "./component-view.ts";
import { isFilledLater } from "./placeholders.ts";

/** Names of which the documentation of some components forgets to say that they are secret. */
const SECRET_NAME = /(?:password|passphrase|secret|secretkey|accountkey|masterkey|accesskey)$/i;

/** Of a connection string: something in it lets its holder in. */
const SECRET_PART =
  /(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature|sig|secret)\s*=|:\/\/[^/\s:@]+:[^/\s@]+@/i;

/** What Azurite's documentation prints; it opens nothing else. */
const AZURITE = /^UseDevelopmentStorage=true|Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/;

/** Credentials of an identity, of which a certificate's path and a client id are no secret. */
const AZURE_SECRETS = ["azureClientSecret", "azureCertificate", "azureCertificatePassword"];

/** Secrets that stand in the file itself. */
export function literalSecretsOf(component: ComponentView): MetadataEntry[] {
  const secret = secretNames(component);
  return component.metadata.filter(({ name, value }) => {
    if (value === undefined || value === "" || isFilledLater(value) || AZURITE.test(value)) return false;
    const isConnection = /connection(?:string|url)$|^url$|^dsn$/i.test(name);
    if (isConnection) return SECRET_PART.test(value);
    return secret.has(name.toLowerCase()) || SECRET_NAME.test(name);
  });
}

/** Whether the type can use the site's managed identity. */
export function knowsIdentity({ known }: ComponentView): boolean {
  return known?.profiles.includes("azuread") === true;
}

/** Whether it asks for a token of the site's identity, as far as the file says: it has no key and no client's secret. */
export function usesIdentity(component: ComponentView): boolean {
  if (!knowsIdentity(component)) return false;
  const secret = secretNames(component);
  return !component.metadata.some(
    ({ name, value }) =>
      value !== "" && (secret.has(name.toLowerCase()) || /^azureCertificateFile$/i.test(name)),
  );
}

/** A value that is really there: not empty, and not yet to be filled in. */
export function certainValue(
  component: ComponentView,
  ...names: readonly string[]
): MetadataEntry | undefined {
  const entry = entryOf(component, ...names);
  const { value } = entry ?? {};
  return value === undefined || value === "" || isFilledLater(value) ? undefined : entry;
}

function secretNames({ known }: ComponentView): ReadonlySet<string> {
  const names = (known?.keys ?? []).filter(({ sensitive }) => sensitive).map(({ name }) => name);
  const azure = known?.profiles.includes("azuread") === true ? AZURE_SECRETS : [];
  return new Set(
    [...names, ...azure]
      .flatMap((name) => known?.aliasesOf(name) ?? [name])
      .map((name) => name.toLowerCase()),
  );
}
