import type { SiteDefinition } from "../definition/site-definition.ts";

/** How many workers the site's own files ask for: `siteConfig.numberOfWorkers`, else the App Service plan's capacity, else 1 (A3.9). */
export function instancesOf({ siteConfig, serverFarm }: SiteDefinition): number {
  return siteConfig?.numberOfWorkers ?? serverFarm?.sku.capacity ?? 1;
}
