import type { ComponentFile } from "../dapr/component-files.ts";
import type { SourceFile } from "../definition/source-file.ts";

/** A component file with what daprd makes of it, and its text with places. */
export interface LintedComponentFile {
  readonly file: ComponentFile;
  /** Each YAML document of the file for itself; one that can't be parsed has the fault instead. */
  readonly text: string;
  /** The whole file parsed with places; absent when it is no YAML at all. */
  readonly source: SourceFile | undefined;
}
