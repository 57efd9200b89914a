import type { ServerFarm } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { didYouMean } from "../shared/nearest.ts";
import type { PlannedResources } from "./site-plan.ts";

/** One size of an App Service plan for Linux, per worker. */
export interface AppServicePlan {
  /** ARM's `sku.name`, for example `P1v3`. */
  readonly sku: string;
  /** ARM's `sku.tier`. */
  readonly tier: AppServiceTier;
  readonly cpus: number;
  /** In GB as the price list has it, which are GiB. */
  readonly memoryGb: number;
}

export type AppServiceTier =
  | "Free"
  | "Basic"
  | "Standard"
  | "PremiumV2"
  | "Premium0V3"
  | "PremiumV3"
  | "PremiumMV3"
  | "Premium0V4"
  | "PremiumV4"
  | "PremiumMV4"
  | "Isolated"
  | "IsolatedV2"
  | "IsolatedMV2";

type Size = readonly [sku: string, tier: AppServiceTier, cpus: number, memoryGb: number];

/**
 * Every size that a Linux site can have (A3.10), from Microsoft's documentation and price list: "App Service plan
 * overview", "Configure Premium V3/V4", "App Service pricing, Linux". F1 is a share of a machine, 60 minutes a day: its
 * processor is approximated as one core. D1 (Shared) has no Linux.
 */
const SIZES: readonly Size[] = [
  ["F1", "Free", 1, 1],
  ["B1", "Basic", 1, 1.75],
  ["B2", "Basic", 2, 3.5],
  ["B3", "Basic", 4, 7],
  ["S1", "Standard", 1, 1.75],
  ["S2", "Standard", 2, 3.5],
  ["S3", "Standard", 4, 7],
  ["P1v2", "PremiumV2", 1, 3.5],
  ["P2v2", "PremiumV2", 2, 7],
  ["P3v2", "PremiumV2", 4, 14],
  ["P0v3", "Premium0V3", 1, 4],
  ["P1v3", "PremiumV3", 2, 8],
  ["P2v3", "PremiumV3", 4, 16],
  ["P3v3", "PremiumV3", 8, 32],
  ["P1mv3", "PremiumMV3", 2, 16],
  ["P2mv3", "PremiumMV3", 4, 32],
  ["P3mv3", "PremiumMV3", 8, 64],
  ["P4mv3", "PremiumMV3", 16, 128],
  ["P5mv3", "PremiumMV3", 32, 256],
  ["P0v4", "Premium0V4", 1, 4],
  ["P1v4", "PremiumV4", 2, 8],
  ["P2v4", "PremiumV4", 4, 16],
  ["P3v4", "PremiumV4", 8, 32],
  ["P1mv4", "PremiumMV4", 2, 16],
  ["P2mv4", "PremiumMV4", 4, 32],
  ["P3mv4", "PremiumMV4", 8, 64],
  ["P4mv4", "PremiumMV4", 16, 128],
  ["P5mv4", "PremiumMV4", 32, 256],
  ["I1", "Isolated", 1, 3.5],
  ["I2", "Isolated", 2, 7],
  ["I3", "Isolated", 4, 14],
  ["I1v2", "IsolatedV2", 2, 8],
  ["I2v2", "IsolatedV2", 4, 16],
  ["I3v2", "IsolatedV2", 8, 32],
  ["I4v2", "IsolatedV2", 16, 64],
  ["I5v2", "IsolatedV2", 32, 128],
  ["I6v2", "IsolatedV2", 64, 256],
  ["I1mv2", "IsolatedMV2", 2, 16],
  ["I2mv2", "IsolatedMV2", 4, 32],
  ["I3mv2", "IsolatedMV2", 8, 64],
  ["I4mv2", "IsolatedMV2", 16, 128],
  ["I5mv2", "IsolatedMV2", 32, 256],
];

/** All of them, small ones first within a tier. */
export const APP_SERVICE_PLANS: readonly AppServicePlan[] = SIZES.map(([sku, tier, cpus, memoryGb]) => ({
  sku,
  tier,
  cpus,
  memoryGb,
}));

const GIB = 1024 ** 3;

/**
 * The plan of this size; the case of the name does not count, as for ARM.
 * @throws {SitecarError} PLAN_UNKNOWN
 */
export function appServicePlan(sku: string): AppServicePlan {
  const found = APP_SERVICE_PLANS.find((plan) => plan.sku.toLowerCase() === sku.toLowerCase());
  if (found !== undefined) return found;
  const names = APP_SERVICE_PLANS.map((plan) => plan.sku);
  throw new SitecarError("PLAN_UNKNOWN", {
    message: `App Service has no plan of size "${sku}" for a Linux site.${didYouMean(sku, names)}`,
    observations: [...(reasonWhyNot(sku) ?? []), { label: "known", value: names.join(", ") }],
    remedy: "name one of the known sizes, as `sku.name` of the plan has it (`az appservice plan show`).",
  });
}

/** What an instance has on a plan of this size: all its containers share it. @throws {SitecarError} PLAN_UNKNOWN */
export function planResources({ sku }: ServerFarm): PlannedResources {
  const plan = appServicePlan(sku.name);
  return { sku: plan.sku, cpus: plan.cpus, memoryBytes: plan.memoryGb * GIB };
}

/** `1.75 GB`; plans are written in these units. */
export function formatMemory(bytes: number): string {
  const [size, unit] = bytes >= GIB ? [bytes / GIB, "GB"] : [bytes / 1024 ** 2, "MB"];
  return `${Number(size.toFixed(2))} ${unit}`;
}

function reasonWhyNot(
  sku: string,
): readonly { readonly label: string; readonly value: string }[] | undefined {
  if (sku.toLowerCase() === "d1") return [{ label: "D1", value: "the Shared tier has Windows only" }];
  if (/^(?:ep[1-3]|y1|fc1)$/i.test(sku)) {
    return [{ label: sku, value: "a size for Azure Functions, which have no site containers" }];
  }
  return undefined;
}
