import type { AppSetting, EnvironmentVariableReference } from "../definition/site-definition.ts";
import type { IdentityService } from "./identity.ts";

/** Names and values of environment variables. */
export type Environment = Readonly<Record<string, string>>;

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
export function appSettingsEnvironment(appSettings: readonly AppSetting[]): Environment {
  return Object.fromEntries(
    appSettings
      .map(({ name, value }) => ({ name: linuxName(name), value }))
      .filter(({ name }) => name !== "")
      .flatMap(({ name, value }) => [
        [name, value],
        [`APPSETTING_${name}`, value],
      ]),
  );
}

/**
 * `environmentVariables` of a container: each value is the NAME of an app setting, exactly as the site writes it; one
 * that names none becomes the empty text, as on the platform (A1.8).
 */
export function referencedEnvironment(
  references: readonly EnvironmentVariableReference[],
  appSettings: readonly AppSetting[],
): Environment {
  const values = new Map(appSettings.map(({ name, value }) => [name, value]));
  return Object.fromEntries(references.map(({ name, value }) => [name, values.get(value) ?? ""]));
}

/** A worker's name, as its log files have it too. */
export function computerName(instanceId: string): string {
  return `local${instanceId.slice(0, 8)}`;
}

/** What the platform injects into every container that inherits (A4.4), with values that fit a machine of one's own. */
export function platformEnvironment(site: string, instanceId: string): Environment {
  return {
    WEBSITE_SITE_NAME: site,
    WEBSITE_HOSTNAME: `${site}.azurewebsites.net`,
    WEBSITE_INSTANCE_ID: instanceId,
    WEBSITE_ROLE_INSTANCE_ID: "0",
    WEBSITE_RESOURCE_GROUP: "local",
    WEBSITE_OWNER_NAME: "00000000-0000-0000-0000-000000000000+local-Localwebspace-Linux",
    WEBSITE_SKU: "PremiumV3",
    WEBSITE_PLATFORM_VERSION: "0.0.0.0",
    REGION_NAME: "Local",
    COMPUTERNAME: computerName(instanceId),
    HOME: "/home",
    // Of a site that says nothing: on (A5.1). A site that says something says it in an app setting, which wins.
    WEBSITES_ENABLE_APP_SERVICE_STORAGE: "true",
    WEBSITE_AUTH_ENABLED: "False",
    HTTP_LOGGING_ENABLED: "0",
  };
}

/** The identity's variables (A6.1). */
export function identityEnvironment(
  identity: Pick<IdentityService, "address" | "port" | "header">,
): Environment {
  const endpoint = `http://${identity.address}:${identity.port}/msi/token`;
  return {
    IDENTITY_ENDPOINT: endpoint,
    IDENTITY_HEADER: identity.header,
    MSI_ENDPOINT: endpoint,
    MSI_SECRET: identity.header,
  };
}
