import { unresolvedKeyVaultReferences } from "../../definition/key-vault.ts";
import type { LoadedSite } from "../../definition/loaded-site.ts";
import { describePath, describePlace, type Place } from "../../definition/problems.ts";
import type {
  ConnectionStringType,
  ServerFarm,
  SiteConfiguration,
  SiteContainer,
  SiteIdentity,
  VolumeMount,
} from "../../definition/site-definition.ts";
import { explainEnvironment, type VariableOrigin } from "../../plan/environment.ts";
import { isHomeShared } from "../../plan/mounts.ts";
import { MASKED, maskValue } from "../../plan/mask-environment.ts";
import { identityValues } from "../../platform/identity-values.ts";

/** What each run makes for itself, in the place of its value. */
const BY_RUN = "(by run)";

export interface ShownVariable {
  readonly name: string;
  /** Masked if it is a secret. */
  readonly value: string;
  readonly origin: VariableOrigin;
  /** `file:line:column`. */
  readonly at?: string;
}

export interface ShownContainer {
  readonly name: string;
  readonly isMain: boolean;
  readonly image: string;
  readonly targetPort?: string;
  readonly startUpCommand?: string;
  readonly inherits: boolean;
  readonly volumeMounts: readonly VolumeMount[];
  readonly environment: readonly ShownVariable[];
  readonly at?: string;
}

export interface ShownConnectionString {
  readonly name: string;
  readonly type: ConnectionStringType;
  readonly value: string;
  readonly at?: string;
}

/** A site as `sitecar show` prints it. */
export interface ShownSite {
  readonly site: string;
  readonly files: readonly string[];
  readonly identity: SiteIdentity;
  readonly siteConfig: SiteConfiguration;
  readonly clientAffinityEnabled: boolean;
  /** Absent: not among the files. */
  readonly serverFarm?: ServerFarm;
  readonly storageAccounts: readonly string[];
  /** Whether `/home` is the site's persistent share (A5.1). */
  readonly homeIsShared: boolean;
  readonly connectionStrings: readonly ShownConnectionString[];
  /** Main first. */
  readonly containers: readonly ShownContainer[];
  /** Key Vault references that stay as their own text, for want of an answer. */
  readonly unresolved: readonly { readonly what: string; readonly secret: string; readonly at?: string }[];
  /** What of a template only Azure knows. */
  readonly unevaluable: readonly {
    readonly path: string;
    readonly expression: string;
    readonly at: string;
  }[];
  /** What a Compose file says in vain. */
  readonly ignored: readonly { readonly what: string; readonly message: string; readonly at: string }[];
}

export function describeSite(site: LoadedSite): ShownSite {
  const { definition, origins } = site;
  const { siteContainers, siteConfig, serverFarm } = definition;
  const mainFirst = siteContainers.toSorted(
    (a, b) => Number(b.properties.isMain) - Number(a.properties.isMain),
  );
  return {
    site: definition.name,
    files: site.files.map(describePath),
    identity: definition.identity,
    siteConfig: siteConfig ?? {},
    clientAffinityEnabled: definition.clientAffinityEnabled ?? true,
    ...(serverFarm === undefined ? {} : { serverFarm }),
    storageAccounts: definition.storageAccounts.map(({ name }) => name),
    homeIsShared: isHomeShared(site.definition.appSettings),
    connectionStrings: (definition.connectionStrings ?? []).map(({ name, type, value }) => ({
      name,
      type,
      value: value === "" ? "" : MASKED,
      ...at(origins.of("connectionStrings", name)),
    })),
    containers: mainFirst.map((container) => describeContainer(container, site)),
    unresolved: unresolvedKeyVaultReferences(definition).map(({ in: where, name, reference }) => ({
      what: `${where}.${name}`,
      secret: `${reference.vault}/${reference.secret}`,
      ...at(origins.of(where, name)),
    })),
    unevaluable: (site.unevaluable ?? []).map(({ path, expression, place }) => ({
      path,
      expression,
      at: describePlace(place),
    })),
    ignored: (site.ignored ?? []).map(({ what, service, message, place }) => ({
      what: service === undefined ? what : `services.${service}.${what}`,
      message,
      at: describePlace(place),
    })),
  };
}

function describeContainer(container: SiteContainer, site: LoadedSite): ShownContainer {
  const { definition, origins, secrets = [] } = site;
  const { name, properties } = container;
  const { isMain, image, targetPort, startUpCommand } = properties;
  const main = definition.siteContainers.find((one) => one.properties.isMain)?.properties.targetPort;
  const identity = definition.identity.type === "None" ? null : { ...identityValues(BY_RUN), header: BY_RUN };
  const variables = explainEnvironment(container, {
    definition,
    instanceId: BY_RUN,
    identity,
    mainPort: Number(main ?? 80),
  });
  return {
    name,
    isMain,
    image,
    ...(targetPort === undefined ? {} : { targetPort }),
    ...(startUpCommand === undefined ? {} : { startUpCommand }),
    inherits: properties.inheritAppSettingsAndConnectionStrings ?? true,
    volumeMounts: properties.volumeMounts ?? [],
    environment: variables.map(({ name: variable, value, origin, secret }) => ({
      name: variable,
      value: secret === true || secrets.includes(value) ? MASKED : maskValue(variable, value),
      origin,
      ...at(placeOf(name, variable, origin, origins)),
    })),
    ...at(origins.of("siteContainers", name)),
  };
}

function placeOf(
  container: string,
  variable: string,
  origin: VariableOrigin,
  origins: LoadedSite["origins"],
): Place | undefined {
  if (origin.from === "appSettings" || origin.from === "connectionStrings") {
    return origins.exact(origin.from, origin.name);
  }
  return origin.from === "environmentVariables"
    ? origins.of("siteContainers", container, "environmentVariables", variable)
    : undefined;
}

function at(place: Place | undefined): { readonly at?: string } {
  return place === undefined ? {} : { at: describePlace(place) };
}
