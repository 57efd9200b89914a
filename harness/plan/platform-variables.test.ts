import { describe, expect, it } from "vitest";

import type { SiteDefinition } from "../definition/site-definition.ts";
import { platformVariables } from "./platform-variables.ts";

const INSTANCE = "ab".repeat(32);

function variables(
  site: Partial<Pick<SiteDefinition, "appSettings" | "serverFarm">> = {},
): Readonly<Record<string, string>> {
  return platformVariables({ name: "shop", appSettings: [], ...site }, INSTANCE);
}

describe("what the platform injects (A4.4)", () => {
  it("names the site and the instance", () => {
    expect(variables()).toMatchObject({
      WEBSITE_SITE_NAME: "shop",
      WEBSITE_HOSTNAME: "shop.azurewebsites.net",
      WEBSITE_INSTANCE_ID: INSTANCE,
      COMPUTERNAME: "localabababab",
      HOME: "/home",
    });
  });

  it.each([
    ["F1", "Free"],
    ["B1", "Basic"],
    ["S2", "Standard"],
    ["P1v2", "PremiumV2"],
    ["P0v3", "PremiumV3"],
    ["P1mv3", "PremiumV3"],
    ["P1V4", "PremiumV4"],
    ["I1v2", "IsolatedV2"],
  ])("names the pricing tier of the plan %s: %s", (name, tier) => {
    expect(variables({ serverFarm: { sku: { name } } })["WEBSITE_SKU"]).toBe(tier);
  });

  it.each([
    ["on where the site says nothing (A5.1)", [], "true"],
    ["as the site says it", [{ name: "websites_enable_app_service_storage", value: "false" }], "false"],
  ])("has storage %s", (_, appSettings, expected) => {
    expect(variables({ appSettings })["WEBSITES_ENABLE_APP_SERVICE_STORAGE"]).toBe(expected);
  });
});
