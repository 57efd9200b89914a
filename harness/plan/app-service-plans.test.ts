import { describe, expect, it } from "vitest";
import { SitecarError } from "../errors/index.ts";
import { APP_SERVICE_PLANS, appServicePlan, formatMemory, planResources } from "./app-service-plans.ts";

function failureOf(sku: string): SitecarError {
  try {
    appServicePlan(sku);
  } catch (error) {
    if (error instanceof SitecarError) return error;
  }
  throw new Error(`${sku} was taken`);
}

describe("App Service plans (A3.10)", () => {
  it.each([
    ["B1", 1, 1.75],
    ["S3", 4, 7],
    ["P0v3", 1, 4],
    ["P1v3", 2, 8],
    ["P5mv3", 32, 256],
    ["P0v4", 1, 4],
    ["I6v2", 64, 256],
  ])("%s has %d cores and %d GB, for all containers together (A3.10)", (sku, cpus, memoryGb) => {
    expect(planResources({ sku: { name: sku } })).toEqual({ sku, cpus, memoryBytes: memoryGb * 1024 ** 3 });
  });

  it("takes the name in any case, as ARM does, and gives it as ARM writes it", () => {
    expect(planResources({ sku: { name: "p1MV3" } }).sku).toBe("P1mv3");
  });

  it("names each size once, and a larger one of a tier has more of both", () => {
    const names = APP_SERVICE_PLANS.map(({ sku }) => sku.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    for (const plans of Map.groupBy(APP_SERVICE_PLANS, ({ tier }) => tier).values()) {
      expect(plans).toEqual(plans.toSorted((one, other) => one.cpus - other.cpus));
      expect(plans).toEqual(plans.toSorted((one, other) => one.memoryGb - other.memoryGb));
    }
  });

  it("refuses an unknown size with the one that was probably meant", () => {
    const error = failureOf("P1v33");
    expect(error.code).toBe("PLAN_UNKNOWN");
    expect(error.message).toContain('Did you mean "P1v3"?');
    expect(error.message).toContain("B1, B2, B3");
  });

  it.each([
    ["D1", "Windows only"],
    ["EP1", "Azure Functions"],
  ])("says why %s is none", (sku, reason) => {
    expect(failureOf(sku).message).toContain(reason);
  });

  it("writes memory in a plan's units", () => {
    expect([1.75 * 1024 ** 3, 32 * 1024 ** 3, 150 * 1024 ** 2].map(formatMemory)).toEqual([
      "1.75 GB",
      "32 GB",
      "150 MB",
    ]);
  });
});
