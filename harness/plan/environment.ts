import { resolveKeyVaultReference } from "../definition/key-vault.ts";
import type {
  AppSetting,
  ConnectionString,
  ConnectionStringType,
  EnvironmentVariableReference,
  SiteContainer,
  SiteDefinition,
} from "../definition/site-definition.ts";
import { platformVariables } from "./platform-variables.ts";
import type { PlannedIdentity } from "./site-plan.ts";

/** Names and values of environment variables. */
export type Environment = Readonly<Record<string, string>>;

/** Where a variable of a container comes from. */
export type VariableOrigin =
  /** App Service sets it (A4.4), and `PORT` (A2.5). */
  | { readonly from: "platform" }
  /** App Service sets it for a site with an identity (A6.1). */
  | { readonly from: "identity" }
  /** Inherited, as the setting's own name or its twin. `name` is as the site writes it. */
  | { readonly from: "appSettings"; readonly name: string }
  /** Inherited, with the prefix of its type. `name` is as the site writes it. */
  | { readonly from: "connectionStrings"; readonly name: string }
  /** The container's own; `setting` is the NAME of an app setting (A1.8), `found` whether the site has it. */
  | { readonly from: "environmentVariables"; readonly setting: string; readonly found: boolean }
  /** sitecar adds it, and lists it as a difference. */
  | { readonly from: "harness" };

export interface ExplainedVariable {
  readonly name: string;
  readonly value: string;
  readonly origin: VariableOrigin;
}

/** A variable's prefix by the type of its connection string (A4.2). */
const PREFIXES: Readonly<Record<ConnectionStringType, string>> = {
  SQLServer: "SQLCONNSTR_",
  SQLAzure: "SQLAZURECONNSTR_",
  MySql: "MYSQLCONNSTR_",
  PostgreSQL: "POSTGRESQLCONNSTR_",
  Custom: "CUSTOMCONNSTR_",
  NotificationHub: "NOTIFICATIONHUBCONNSTR_",
  ServiceBus: "SERVICEBUSCONNSTR_",
  EventHub: "EVENTHUBCONNSTR_",
  DocDb: "DOCDBCONNSTR_",
  RedisCache: "REDISCACHECONNSTR_",
};

export interface EnvironmentContext {
  readonly definition: SiteDefinition;
  /** 64 hex digits. */
  readonly instanceId: string;
  /** `null`: not served. */
  readonly identity: PlannedIdentity | null;
  readonly mainPort: number;
}

/**
 * A container's environment as the platform makes it, each variable once, with where it comes from. Lowest precedence first
 * (A4.1): the platform's own variables, connection strings, app settings, `environmentVariables`. What the image sets comes
 * below all and is the engine's to merge. A container that does not inherit has of these only its own, and main its `PORT`.
 */
export function explainEnvironment(
  { properties }: SiteContainer,
  { definition, instanceId, identity, mainPort }: EnvironmentContext,
): readonly ExplainedVariable[] {
  const inherits = properties.inheritAppSettingsAndConnectionStrings ?? true;
  const settings = resolved(definition.appSettings, definition);
  const layers: readonly (readonly ExplainedVariable[])[] = [
    properties.isMain ? [{ name: "PORT", value: String(mainPort), origin: { from: "platform" } }] : [],
    ...(inherits
      ? [
          explain(platformVariables(definition, instanceId), { from: "platform" }),
          // Whether the identity's variables go with the platform's is a guess (A4.5).
          identity === null ? [] : explain(identityVariables(identity), { from: "identity" }),
          connectionStringVariables(resolved(definition.connectionStrings ?? [], definition)),
          appSettingVariables(settings),
        ]
      : []),
    referencedVariables(properties.environmentVariables ?? [], settings),
  ];
  return [...new Map(layers.flat().map((variable) => [variable.name, variable])).values()];
}

/** The variables alone, as the container gets them. */
export function environmentOf(variables: readonly ExplainedVariable[]): Environment {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

/**
 * An app setting's name as Linux containers see it (A4.3): `__` for `:`, `_` for `.`, everything else outside
 * `[A-Za-z0-9_]` dropped. May be empty.
 */
export function linuxName(name: string): string {
  return name.replaceAll(":", "__").replaceAll(".", "_").replaceAll(/\W/g, "");
}

/**
 * App settings as environment: each as `NAME` and `APPSETTING_NAME` (A4.2), names as on Linux (A4.3). Where two
 * settings end up with one name, the later wins; a setting without a name left is not passed.
 */
function appSettingVariables(appSettings: readonly AppSetting[]): ExplainedVariable[] {
  return appSettings.flatMap(({ name, value }) => {
    const plain = linuxName(name);
    if (plain === "") return [];
    const origin: VariableOrigin = { from: "appSettings", name };
    return [
      { name: plain, value, origin },
      { name: `APPSETTING_${plain}`, value, origin },
    ];
  });
}

/**
 * Connection strings as environment: each under its name with the prefix of its type, and nothing else: a twin without
 * prefix is documented for no platform.
 */
function connectionStringVariables(connectionStrings: readonly ConnectionString[]): ExplainedVariable[] {
  return connectionStrings.flatMap(({ name, value, type }) => {
    const plain = linuxName(name);
    if (plain === "") return [];
    return [{ name: `${PREFIXES[type]}${plain}`, value, origin: { from: "connectionStrings", name } }];
  });
}

/**
 * `environmentVariables` of a container: each value is the NAME of an app setting, exactly as the site writes it; one
 * that names none becomes the empty text, as on the platform (A1.8).
 */
function referencedVariables(
  references: readonly EnvironmentVariableReference[],
  appSettings: readonly AppSetting[],
): ExplainedVariable[] {
  const values = new Map(appSettings.map(({ name, value }) => [name, value]));
  return references.map(({ name, value: setting }) => ({
    name,
    value: values.get(setting) ?? "",
    origin: { from: "environmentVariables", setting, found: values.has(setting) },
  }));
}

/** The identity's variables (A6.1). */
function identityVariables(identity: PlannedIdentity): Environment {
  const endpoint = `http://${identity.address}:${identity.port}/msi/token`;
  return {
    IDENTITY_ENDPOINT: endpoint,
    IDENTITY_HEADER: identity.header,
    MSI_ENDPOINT: endpoint,
    MSI_SECRET: identity.header,
  };
}

/** With Key Vault references answered: the platform resolves them before it passes them on (A4.6). */
function resolved<T extends { readonly value: string }>(
  values: readonly T[],
  { keyVaultSecrets }: SiteDefinition,
): T[] {
  return values.map((one) => ({ ...one, value: resolveKeyVaultReference(one.value, keyVaultSecrets) }));
}

function explain(environment: Environment, origin: VariableOrigin): ExplainedVariable[] {
  return Object.entries(environment).map(([name, value]) => ({ name, value, origin }));
}
