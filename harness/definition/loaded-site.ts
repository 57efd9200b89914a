import type { Origins } from "./origins.ts";
import type { Problem } from "./problems.ts";
import type { SiteDefinition } from "./site-definition.ts";

/**
 * A site as its files state it, problems and all: what `readSite` refuses and `lint` reports. With problems the
 * definition has placeholders, and is for looking at only.
 */
export interface LoadedSite {
  readonly definition: SiteDefinition;
  readonly origins: Origins;
  /** In the order of files and lines. */
  readonly problems: readonly Problem[];
  /** Every file that was read, absolute, in the order in which they were applied: later ones win. */
  readonly files: readonly string[];
}
