import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

import { parseDocument, type Document } from "yaml";

import {
  DAPR_YAML,
  isComponentFileName,
  readComponentFile,
  splitDocuments,
} from "../dapr/component-files.ts";
import type { Place } from "../definition/problems.ts";
import { fileNotReadable } from "../definition/source-file.ts";
import type { LintedComponentDocument, LintedComponentFile } from "./linted-component-file.ts";
import { TextPlaces } from "./text-places.ts";

/** Folders that hold no deployed file. */
const NOT_LOOKED_INTO: ReadonlySet<string> = new Set(["node_modules", ".git"]);

/**
 * Reads Dapr component files for rules to look at. A folder is taken with everything below it that looks like a
 * component file, also what daprd passes over, so that a rule can say so. Nothing in a file is an error here.
 * @param location a file or a folder.
 * @param namedAt where a definition file names it.
 * @throws {SitecarError} FILE_NOT_READABLE.
 */
export async function readComponents(location: string, namedAt?: Place): Promise<LintedComponentFile[]> {
  const absolute = path.resolve(location);
  try {
    if (!(await stat(absolute)).isDirectory()) return [await readOne(absolute)];
    const found = await Promise.all((await filesBelow(absolute)).map((file) => readOne(file, absolute)));
    return found.filter(({ passedOver, text }) => passedOver !== "extension" || saysComponent(text));
  } catch (cause) {
    throw fileNotReadable(absolute, cause, namedAt).error;
  }
}

/**
 * The same of bytes at hand.
 * @param file absolute.
 * @param folder the folder that was named, absolute, when the file was found in one.
 */
export function lintedComponentFile(file: string, bytes: Uint8Array, folder?: string): LintedComponentFile {
  const text = new TextDecoder().decode(bytes);
  const places = new TextPlaces(file, text);
  const passedOver = whyPassedOver(file, folder);
  return {
    file: readComponentFile(file, bytes),
    text,
    documents: splitDocuments(text).map((part): LintedComponentDocument => ({
      ...part,
      yaml: parse(part.text),
      placeAt: (offset) => places.at(part.offset + offset),
    })),
    ...(folder === undefined ? {} : { folder }),
    ...(passedOver === undefined ? {} : { passedOver }),
    placeAt: (offset) => places.at(offset),
  };
}

async function readOne(file: string, folder?: string): Promise<LintedComponentFile> {
  return lintedComponentFile(file, await readFile(file), folder);
}

/** In the order of their paths, so that a report does not depend on the file system. */
async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    // A mounted configuration is made of links to files; a link to a folder could lead in a circle.
    if (entry.isSymbolicLink() ? (await stat(file)).isFile() : entry.isFile()) files.push(file);
    else if (entry.isDirectory() && !NOT_LOOKED_INTO.has(entry.name)) files.push(...(await filesBelow(file)));
  }
  return files;
}

function whyPassedOver(file: string, folder: string | undefined): "extension" | "subfolder" | undefined {
  if (!isComponentFileName(path.basename(file))) return "extension";
  return folder !== undefined && path.dirname(file) !== folder ? "subfolder" : undefined;
}

/** Whether a text is meant to be a resource of Dapr, whatever else is wrong with it. */
export function saysComponent(text: string): boolean {
  return /^\s*"?apiVersion"?\s*:\s*["']?dapr\.io\//m.test(text);
}

function parse(text: string): Document.Parsed | undefined {
  try {
    return parseDocument(text, { ...DAPR_YAML, prettyErrors: false });
  } catch {
    // The parser descends by recursion: input nested thousands deep ends here.
    return undefined;
  }
}
