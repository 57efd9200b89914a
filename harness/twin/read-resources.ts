import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

import { isComponentFileName, readComponentFile, type ComponentFile } from "../dapr/component-files.ts";
import { compareBytes } from "./go/marshal-json.ts";
import { SitecarError } from "../errors/index.ts";

/** A file of daprd's resources: its components, and its text for resources of other kinds. */
export interface ResourceFile extends ComponentFile {
  readonly text: string;
}

/**
 * Component files as daprd's `--resources-path` reads them: of a folder those that lie in it, by name.
 * @param resources files or folders, as paths.
 * @throws {SitecarError} FILE_NOT_READABLE
 */
export async function readResources(resources: readonly string[]): Promise<readonly ResourceFile[]> {
  const files: ResourceFile[] = [];
  for (const resource of resources) {
    for (const file of await filesOf(path.resolve(resource))) {
      files.push(readResource(file, await reading(file, () => readFile(file))));
    }
  }
  return files;
}

export function readResource(file: string, bytes: Uint8Array): ResourceFile {
  return { ...readComponentFile(file, bytes), text: new TextDecoder().decode(bytes) };
}

async function filesOf(location: string): Promise<readonly string[]> {
  const found = await reading(location, () => stat(location));
  if (!found.isDirectory()) return [location];
  const entries = await reading(location, () => readdir(location, { withFileTypes: true }));
  return entries
    .filter((entry) => !entry.isDirectory() && isComponentFileName(entry.name))
    .map(({ name }) => name)
    .toSorted(compareBytes)
    .map((name) => path.join(location, name));
}

async function reading<T>(location: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new SitecarError("FILE_NOT_READABLE", {
      message: `${location} can't be read (${code}).`,
      remedy: "name a Dapr component file, or a folder of them.",
      cause,
    });
  }
}
