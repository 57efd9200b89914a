import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

import { isComponentFileName, readComponentFile, type ComponentFile } from "../dapr/component-files.ts";
import { compareBytes } from "./go/marshal-json.ts";
import { SitecarError } from "../errors/index.ts";

/**
 * Component files as daprd's `--resources-path` reads them: of a folder those that lie in it, by name.
 * @param resources files or folders, as paths.
 * @throws {SitecarError} FILE_NOT_READABLE
 */
export async function readResources(resources: readonly string[]): Promise<readonly ComponentFile[]> {
  const files: ComponentFile[] = [];
  for (const resource of resources) {
    for (const file of await filesOf(path.resolve(resource))) {
      files.push(readComponentFile(file, await reading(file, () => readFile(file))));
    }
  }
  return files;
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
