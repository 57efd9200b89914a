import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join, posix } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack, type Pack } from "tar-stream";
import { SitecarError } from "../../errors/index.ts";

/** One path of a build context. */
export interface ContextEntry {
  /** Inside the context, with forward slashes. */
  readonly name: string;
  /** On this machine. */
  readonly path: string;
  readonly type: "file" | "directory" | "symlink";
  /** `0o755` or `0o644`: the umask of whoever checked the files out makes no difference. */
  readonly mode: number;
  /** Bytes; 0 for what is no file. */
  readonly size: number;
}

/**
 * All entries that `include` names, directories with everything in them.
 * @throws SitecarError `FILE_NOT_READABLE` for a path that isn't there
 */
export async function contextEntries(
  context: string,
  include: readonly string[],
): Promise<readonly ContextEntry[]> {
  const entries = new Map<string, ContextEntry>();
  for (const name of include) await collect(context, posix.normalize(name.replace(/\/+$/, "")), entries);
  return [...entries.values()];
}

async function collect(context: string, name: string, into: Map<string, ContextEntry>): Promise<void> {
  const path = join(context, name);
  const stats = await lstat(path).catch((error: unknown) => {
    throw new SitecarError("FILE_NOT_READABLE", {
      message: `"${name}" is part of an image's build context, but can't be read in ${context}.`,
      observations: [{ label: "system", value: error instanceof Error ? error.message : String(error) }],
      remedy: "correct the build's `include`, or make the file; a bundler is named as the build's `prepare`.",
      cause: error,
    });
  });
  if (stats.isDirectory()) {
    if (name !== ".") into.set(name, { name, path, type: "directory", mode: 0o755, size: 0 });
    for (const child of await readdir(path)) await collect(context, posix.join(name, child), into);
  } else if (stats.isSymbolicLink()) {
    into.set(name, { name, path, type: "symlink", mode: 0o777, size: 0 });
  } else if (stats.isFile()) {
    const mode = (stats.mode & 0o111) === 0 ? 0o644 : 0o755;
    into.set(name, { name, path, type: "file", mode, size: stats.size });
  }
}

/** The entries as a tar stream, owned by root and without times, read file by file as it is consumed. */
export function tarOf(entries: readonly ContextEntry[]): Readable {
  const archive = pack();
  const output = new PassThrough();
  // Either side may end early: a file that vanished, or an engine that refused the build before it read everything.
  // The reader sees the failure on `output`; there is nobody else to tell.
  pipeline(archive, output).catch(() => undefined);
  fill(archive, entries).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return output;
}

async function fill(archive: Pack, entries: readonly ContextEntry[]): Promise<void> {
  for (const { name, path, type, mode, size } of entries) {
    const header = { name, mode, mtime: new Date(0), uid: 0, gid: 0 };
    if (type === "file") {
      const entry = archive.entry({ ...header, type, size });
      await pipeline(createReadStream(path), entry);
    } else {
      // Without content the archive takes an entry at once.
      archive.entry(
        { ...header, type, ...(type === "symlink" ? { linkname: await readlink(path) } : {}) },
        "",
      );
    }
  }
}
