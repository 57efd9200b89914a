import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";

export interface ArchiveEntry {
  /** Path inside the archive: the last element of the path that was asked for comes first. */
  readonly path: string;
  readonly content: Buffer;
  /** Rights, for example `0o755`; absent: the archive does not say. */
  readonly mode?: number;
}

/** The regular files of a tar stream. */
export async function readArchive(stream: NodeJS.ReadableStream): Promise<readonly ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  const unpacking = extract();
  stream.on("error", (error) => unpacking.destroy(error));
  stream.pipe(unpacking);
  for await (const entry of unpacking) {
    const content = await buffer(entry);
    if (entry.header.type === "file") {
      const { name, mode } = entry.header;
      entries.push({ path: name, content, ...(mode === undefined ? {} : { mode }) });
    }
  }
  return entries;
}
