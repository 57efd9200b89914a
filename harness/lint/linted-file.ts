import { SitecarError } from "../errors/index.ts";
import { SourceFile } from "../definition/source-file.ts";
import { isMap, isScalar, isSeq, type YAMLMap } from "yaml";

/** A file of the site as it is written: some traps lie in the kind of file, not in what it says. */
export interface LintedFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Absent when it is neither JSON nor YAML. */
  readonly source: SourceFile | undefined;
}

export function lintedFile(path: string, text: string): LintedFile {
  return { path, text, source: parse(path, text) };
}

/** Whether it is what `az webapp sitecontainers create --sitecontainers-spec-file` takes (A1.14). */
export function isSpecFile(file: LintedFile): boolean {
  return isListOf(file, (item) => hasKey(item, "properties") && hasKey(item, "name") && !hasKey(item, "id"));
}

/** Whether it is what `az webapp sitecontainers list -o json` prints (A1.16). */
export function isContainerList(file: LintedFile): boolean {
  return isListOf(file, (item) => {
    const type: unknown = item.get("type");
    const right = typeof type !== "string" || /\/sites\/sitecontainers$/i.test(type);
    return right && hasKey(item, "id") && hasKey(item, "name");
  });
}

function isListOf({ source }: LintedFile, is: (item: YAMLMap) => boolean): boolean {
  const root = source?.document.contents;
  return isSeq(root) && root.items.length > 0 && root.items.every((item) => isMap(item) && is(item));
}

function hasKey(map: YAMLMap, key: string): boolean {
  return map.items.some(({ key: own }) => isScalar(own) && String(own.value).toLowerCase() === key);
}

function parse(path: string, text: string): SourceFile | undefined {
  try {
    return SourceFile.parse(path, text);
  } catch (error) {
    // What is wrong with it is a problem of reading; here only files that can be read count.
    if (error instanceof SitecarError) return undefined;
    throw error;
  }
}
