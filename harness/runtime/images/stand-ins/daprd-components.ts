import { readFile } from "node:fs/promises";
import { join, matchesGlob } from "node:path";
import { recipeDirectory } from "./recipe-files.ts";

/** Which components a daprd that we build has. */
export interface DaprdContents {
  /** Go's build tag. */
  readonly tag: "allcomponents" | "stablecomponents";
  /** For the user and the image's label, for example `Azure, Redis`. */
  readonly description: string;
  /** True for a file of dapr's `cmd/daprd/components` that stays in the build. */
  readonly keeps: (file: string) => boolean;
}

/**
 * `full`: every stable component, as released. Otherwise the groups of images/stand-ins/daprd/components.json. Each
 * component is registered by one file of its own in dapr's source; leaving a file out changes nothing else.
 */
export async function daprdContents(selection: string | undefined): Promise<DaprdContents> {
  if (selection === "full") {
    return { tag: "stablecomponents", description: "every stable component", keeps: () => true };
  }
  const groups = readGroups(
    JSON.parse(await readFile(join(recipeDirectory("daprd"), "components.json"), "utf8")),
  );
  const patterns = groups.flatMap(({ files }) => files);
  return {
    // The files' own tags tell stable from alpha; what the list names is wanted, whatever its state.
    tag: "allcomponents",
    description: groups.map(({ name }) => name).join(", "),
    keeps: (file) => {
      // Older versions, 1.14 among them, call a binding's file `binding_…`.
      const name = file.replace(/^binding_/, "bindings_");
      return patterns.some((pattern) => matchesGlob(name, pattern));
    },
  };
}

interface Group {
  readonly name: string;
  readonly files: readonly string[];
}

function readGroups(value: unknown): readonly Group[] {
  if (typeof value === "object" && value !== null && "groups" in value && Array.isArray(value.groups)) {
    const groups: readonly unknown[] = value.groups;
    if (groups.every(isGroup)) return groups;
  }
  throw new TypeError("images/stand-ins/daprd/components.json does not hold groups of files");
}

function isGroup(value: unknown): value is Group {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "files" in value &&
    Array.isArray(value.files) &&
    value.files.every((file) => typeof file === "string")
  );
}
