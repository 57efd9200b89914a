import type { SiteDefinition } from "../definition/site-definition.ts";

/** Pricing tiers by the beginning of a plan's size, as `WEBSITE_SKU` names them; the more exact first. */
const TIERS: readonly (readonly [size: RegExp, tier: string])[] = [
  [/^F/i, "Free"],
  [/^D/i, "Shared"],
  [/^B/i, "Basic"],
  [/^S/i, "Standard"],
  [/^P\d+m?v4/i, "PremiumV4"],
  [/^P\d+m?v3/i, "PremiumV3"],
  [/^P\d+v2/i, "PremiumV2"],
  [/^P/i, "Premium"],
  [/^I\d+m?v2/i, "IsolatedV2"],
  [/^I/i, "Isolated"],
];

/** Of a site whose plan is not among the inputs. */
const DEFAULT_TIER = "PremiumV3";

/**
 * What the platform injects into every container that inherits (A4.4). Values that only Azure has are stand-ins that fit a
 * machine of one's own.
 */
export function platformVariables(
  definition: Pick<SiteDefinition, "name" | "appSettings" | "serverFarm">,
  instanceId: string,
): Readonly<Record<string, string>> {
  const { name } = definition;
  return {
    WEBSITE_SITE_NAME: name,
    WEBSITE_HOSTNAME: `${name}.azurewebsites.net`,
    WEBSITE_INSTANCE_ID: instanceId,
    WEBSITE_ROLE_INSTANCE_ID: "0",
    WEBSITE_RESOURCE_GROUP: "local",
    WEBSITE_OWNER_NAME: "00000000-0000-0000-0000-000000000000+local-Localwebspace-Linux",
    WEBSITE_SKU: tierOf(definition.serverFarm?.sku.name),
    WEBSITE_PLATFORM_VERSION: "0.0.0.0",
    REGION_NAME: "Local",
    COMPUTERNAME: `local${instanceId.slice(0, 8)}`,
    HOME: "/home",
    WEBSITES_ENABLE_APP_SERVICE_STORAGE: storageSetting(definition.appSettings),
    WEBSITE_AUTH_ENABLED: "False",
    HTTP_LOGGING_ENABLED: "0",
  };
}

function tierOf(size: string | undefined): string {
  if (size === undefined) return DEFAULT_TIER;
  return TIERS.find(([pattern]) => pattern.test(size))?.[1] ?? DEFAULT_TIER;
}

/** As the site sets it; unset means on (A5.1). */
function storageSetting(appSettings: SiteDefinition["appSettings"]): string {
  const name = "WEBSITES_ENABLE_APP_SERVICE_STORAGE";
  return appSettings.findLast((setting) => setting.name.toUpperCase() === name)?.value ?? "true";
}
