import { defined } from "./defined.ts";
import { keyVaultSecretKey } from "./key-vault.ts";
import type { Origins } from "./origins.ts";
import type { ServerFarm, SiteConfiguration, SiteIdentity, UserAssignedIdentity } from "./site-definition.ts";
import type { SitePart } from "./site-part.ts";
import type { Value } from "./value.ts";

const IDENTITY_TYPES = ["None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"] as const;

/** ARM's `siteConfig`, of each field the last that says something. `undefined`: no file says anything. */
export function readSiteConfig(
  parts: readonly NonNullable<SitePart["siteConfig"]>[],
  origins: Origins,
): SiteConfiguration | undefined {
  const last = (field: keyof SiteConfiguration): Value | undefined => {
    const value = parts.map((part) => part[field]).findLast((one) => one !== undefined && !one.isNull);
    if (value !== undefined) origins.set(["siteConfig", field], value.place);
    return value;
  };
  const healthCheck = last("healthCheckPath");
  const healthCheckPath = healthCheck?.text({ empty: true });
  if (healthCheckPath !== undefined && healthCheckPath !== "" && !healthCheckPath.startsWith("/")) {
    healthCheck?.complain("is no path.", 'Start it with "/", for example "/healthz" (A2.8).', "SC032");
  }
  const read = defined({
    linuxFxVersion: last("linuxFxVersion")?.text({ empty: true }),
    // Azure prints the empty text for a site without one.
    healthCheckPath: healthCheckPath === "" ? undefined : healthCheckPath,
    numberOfWorkers: last("numberOfWorkers")?.count(1),
  });
  return Object.keys(read).length === 0 ? undefined : read;
}

/** ARM's `identity`: of each field the last; user-assigned identities by resource id, each merged in the same way. */
export function readIdentity(values: readonly Value[], origins: Origins): SiteIdentity {
  let identity: SiteIdentity = { type: "None" };
  const assigned = new Map<string, UserAssignedIdentity>();
  for (const value of values) {
    origins.set(["identity"], value.place);
    const fields = value.fields({ known: ["type", "principalId", "tenantId", "userAssignedIdentities"] });
    const typeAt = fields.required("type");
    identity = {
      ...identity,
      ...defined({
        type: typeAt === undefined ? undefined : readIdentityType(typeAt),
        principalId: fields.optional("principalId")?.text(),
        tenantId: fields.optional("tenantId")?.text(),
      }),
    };
    for (const { key, value: entry } of fields.optional("userAssignedIdentities")?.entries() ?? []) {
      const own = entry.isNull ? {} : readUserAssigned(entry);
      assigned.set(key, { ...assigned.get(key), ...own });
    }
  }
  const last = values.at(-1);
  if (last !== undefined) checkAssigned(identity, assigned.size, last);
  const wanted = identity.type.endsWith("UserAssigned") && assigned.size > 0;
  return wanted ? { ...identity, userAssignedIdentities: Object.fromEntries(assigned) } : identity;
}

/** As ARM takes it: without case, and with or without the blank after the comma. */
function readIdentityType(at: Value): SiteIdentity["type"] | undefined {
  const written = at.peekScalar();
  const match = IDENTITY_TYPES.find((type) => typeof written === "string" && plain(type) === plain(written));
  return match ?? at.oneOf(IDENTITY_TYPES);
}

function plain(text: string): string {
  return text.replaceAll(/\s/g, "").toLowerCase();
}

function readUserAssigned(value: Value): UserAssignedIdentity {
  const fields = value.fields({ known: ["clientId", "principalId"] });
  return defined({
    clientId: fields.optional("clientId")?.text(),
    principalId: fields.optional("principalId")?.text(),
  });
}

function checkAssigned({ type }: SiteIdentity, count: number, at: Value): void {
  if (type.endsWith("UserAssigned") && count === 0) {
    at.complain(
      `is of the type "${type}" and names no user-assigned identity.`,
      'Add "userAssignedIdentities": { "<resource id>": {} }.',
    );
  }
}

/** `Microsoft.Web/serverfarms`, or what `az appservice plan show` prints: of it the size alone. The last one counts. */
export function readServerFarm(values: readonly Value[], origins: Origins): ServerFarm | undefined {
  const value = values.at(-1);
  if (value === undefined) return undefined;
  const sku = value.peek("sku");
  if (sku === undefined || sku.isNull) {
    return value.complain('has no "sku".', 'Add "sku": { "name": "P1v3" }.');
  }
  origins.set(["serverFarm"], sku.place);
  const fields = sku.fields({
    known: ["name", "capacity"],
    ignored: ["tier", "size", "family", "locations", "capabilities", "skuCapacity"],
  });
  const name = fields.required("name")?.text();
  return { sku: defined({ name: name ?? "", capacity: fields.optional("capacity")?.count(0) }) };
}

/** Answers to Key Vault references: `{ "vault/secret": value }` or `{ vault: { secret: value } }`; later ones win. */
export function readKeyVaultSecrets(
  values: readonly Value[],
  origins: Origins,
): Readonly<Record<string, string>> | undefined {
  if (values.length === 0) return undefined;
  const secrets = new Map<string, string>();
  for (const { key, keyValue, value } of values.flatMap((file) => file.entries())) {
    if (value.isMap) {
      for (const { key: secret, value: text } of value.entries()) {
        keep(keyVaultSecretKey(key, secret), text);
      }
    } else if (key.includes("/")) {
      keep(keyVaultSecretKey(key), value);
    } else {
      keyValue.complain("names no vault.", 'Write "<vault>/<secret>", or { "<vault>": { "<secret>": … } }.');
    }
  }
  return Object.fromEntries(secrets);

  function keep(key: string, value: Value): void {
    secrets.set(key, value.literal() ?? "");
    origins.set(["keyVaultSecrets", key], value.place);
  }
}
