import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { HomeFile } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { TREES_PATH } from "../platform/agent-protocol.ts";
import type { ContainerFile } from "../runtime/container-specification.ts";

/** On the platform's share every file has every right, and nobody can change that (A5.1; seen on the platform). */
const SHARE_MODE = 0o777;

/**
 * What was deployed to `/home`, read from this machine; directories with everything below them. The paths are those of the
 * platform container, which sees the whole share.
 * @throws {SitecarError} FILE_NOT_READABLE
 */
export async function readHomeFiles(homeFiles: readonly HomeFile[]): Promise<readonly ContainerFile[]> {
  const read = await Promise.all(homeFiles.map(readOne));
  return read.flat();
}

async function readOne({ from, to }: HomeFile): Promise<readonly ContainerFile[]> {
  const target = path.posix.join(TREES_PATH, "home", path.posix.relative("/home", to));
  try {
    if (!(await stat(from)).isDirectory()) return [await placed(from, target)];
    const entries = await readdir(from, { recursive: true, withFileTypes: true });
    return await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async (entry) => {
          const file = path.join(entry.parentPath, entry.name);
          return await placed(file, path.posix.join(target, ...path.relative(from, file).split(path.sep)));
        }),
    );
  } catch (cause) {
    throw new SitecarError("FILE_NOT_READABLE", {
      message: `what is deployed to ${to} can't be read from ${from}.`,
      observations: [{ label: "cause", value: cause instanceof Error ? cause.message : String(cause) }],
      remedy: "correct the path in the site's homeFiles, or the rights on it.",
      cause,
    });
  }
}

async function placed(file: string, target: string): Promise<ContainerFile> {
  return { path: target, content: await readFile(file), mode: SHARE_MODE };
}
