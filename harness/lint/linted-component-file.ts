import type { Document } from "yaml";

import type { ComponentFile } from "../dapr/component-files.ts";
import type { Place } from "../definition/problems.ts";

/** One YAML document of a component file, read for itself as daprd does. */
export interface LintedComponentDocument {
  /** Counted from 1, as in `ComponentProblem.document`. */
  readonly number: number;
  /** Its own text, without the line that divides it from the one before. */
  readonly text: string;
  /** Where its text begins in the file's. */
  readonly offset: number;
  /**
   * Parsed as YAML 1.1, as daprd reads it, with the faults in `errors`; a key that stands twice is no fault. Absent: too
   * deeply nested to be parsed.
   */
  readonly yaml: Document.Parsed | undefined;
  /** @param offset position in this document's text, counted from 0, as `node.range` has it. */
  readonly placeAt: (offset: number) => Place;
}

/** A component file with what daprd makes of it, and its text with places. */
export interface LintedComponentFile {
  readonly file: ComponentFile;
  /** The whole file, without a byte order mark. */
  readonly text: string;
  /** Without those that hold nothing but blanks and comments. */
  readonly documents: readonly LintedComponentDocument[];
  /** The folder that was named, absolute, when the file was found in one. */
  readonly folder?: string;
  /**
   * Why daprd does not look at it: only `.yaml` and `.yml` right in the resources folder are loaded. Absent: it does.
   */
  readonly passedOver?: "extension" | "subfolder";
  /** @param offset position in `text`, counted from 0. */
  readonly placeAt: (offset: number) => Place;
}
