import type { FaultData } from "../schedule/step.ts";
import type { FaultTarget } from "./fault-target.ts";

/** One attribute of a fault's data. */
export interface FaultAttribute {
  /** One sentence, with the unit. */
  readonly about: string;
  readonly type: "number" | "string" | "boolean";
  readonly required: boolean;
  /** Of numbers; both inclusive. A number with both can be bisected. */
  readonly least?: number;
  readonly most?: number;
  /** Of numbers: only whole ones. */
  readonly whole?: boolean;
  /** Of strings. */
  readonly oneOf?: readonly string[];
  /** Of strings: the name of a container of the site, or `storage`; checked before anything is started. */
  readonly names?: "container";
}

/** A kind of fault: what its data look like, how it is put in force, and how it is undone. One file each. */
export interface FaultKind {
  /** As in {@link FaultData}'s `fault`. */
  readonly name: string;
  /** One sentence: what the site meets. */
  readonly about: string;
  readonly attributes: Readonly<Record<string, FaultAttribute>>;
  /** For a person: `storage answers 503 to the first 3 requests`. */
  describe(data: FaultData): string;
  /**
   * Puts it in force and resolves when it is; one that fails half way undoes what it did before it rejects. Returns the undo,
   * which is called once at most, and not after the site has ended.
   * @param data checked already: what is required is there, and everything is of its type and in its range.
   * @throws {SitecarError} FAULT_NOT_POSSIBLE for a site that has not what the fault acts on.
   */
  inject(target: FaultTarget, data: FaultData): Promise<() => Promise<void>>;
}
