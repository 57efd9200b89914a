import type { UnevaluablePart } from "./arm/session.ts";
import type { Origins } from "./origins.ts";
import type { Place, Problem } from "./problems.ts";
import type { SiteDefinition } from "./site-definition.ts";

/** Something that a file says and the site does not have, because what reads the file on its way to Azure passes over it. */
export interface IgnoredInput {
  /** `compose`: the Azure CLI's conversion (A1.17). */
  readonly by: "compose";
  /** The key, for example `depends_on`; or what of it is lost, for example `ports[1]`. */
  readonly what: string;
  /** The service that has it. Absent: it stands at the file's top. */
  readonly service?: string;
  readonly place: Place;
  /** One sentence: what becomes of it. */
  readonly message: string;
}

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
  /** In the order of files and lines. Absent: nothing. */
  readonly ignored?: readonly IgnoredInput[];
  /** What of an ARM template's site only Azure knows; it stands as the text of its expression. Absent: nothing. */
  readonly unevaluable?: readonly UnevaluablePart[];
}
