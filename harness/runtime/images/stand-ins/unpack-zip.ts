import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

const inflate = promisify(inflateRaw);

export interface UnpackZipOptions {
  /** Only entries below this path are unpacked, without it. */
  readonly prefix: string;
  /** Asked with the path behind the prefix. */
  readonly leaveOut?: (path: string) => boolean;
}

/**
 * Unpacks a zip as Go's module proxy serves it: no encryption, no zip64, stored or deflated. Neither Node nor a bare
 * Debian has an unzip.
 *
 * @throws Error when the archive is none, or holds a path that leads out of `directory`
 */
export async function unpackZip(zip: Buffer, directory: string, options: UnpackZipOptions): Promise<void> {
  const made = new Set<string>();
  for (const entry of entriesOf(zip)) {
    if (!entry.name.startsWith(options.prefix) || entry.name.endsWith("/")) continue;
    const path = entry.name.slice(options.prefix.length);
    if (options.leaveOut?.(path)) continue;
    const target = join(directory, path);
    if (!target.startsWith(normalize(directory) + sep))
      throw new Error(`the archive holds the path ${entry.name}`);
    const parent = dirname(target);
    if (!made.has(parent)) {
      await mkdir(parent, { recursive: true });
      made.add(parent);
    }
    await writeFile(target, await contentOf(zip, entry));
  }
}

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedSize: number;
  readonly headerOffset: number;
}

function* entriesOf(zip: Buffer): Generator<ZipEntry> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || zip.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error("not a zip archive");
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error("the zip archive's directory is damaged");
    const nameLength = zip.readUInt16LE(at + 28);
    yield {
      name: zip.toString("utf8", at + 46, at + 46 + nameLength),
      method: zip.readUInt16LE(at + 10),
      compressedSize: zip.readUInt32LE(at + 20),
      headerOffset: zip.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}

async function contentOf(zip: Buffer, entry: ZipEntry): Promise<Buffer> {
  const start =
    entry.headerOffset +
    30 +
    zip.readUInt16LE(entry.headerOffset + 26) +
    zip.readUInt16LE(entry.headerOffset + 28);
  const content = zip.subarray(start, start + entry.compressedSize);
  if (entry.method === STORED) return content;
  if (entry.method === DEFLATED) return inflate(content);
  throw new Error(`the zip archive packs ${entry.name} with method ${entry.method}`);
}
