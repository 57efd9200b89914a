import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { unpackZip } from "./unpack-zip.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-zip-"));
  return () => rm(directory, { recursive: true, force: true });
});

interface Entry {
  readonly name: string;
  readonly content: string;
  /** Default deflated. */
  readonly method?: number;
}

/** A zip archive as the format's specification lays it out; checksums are left out, nothing here reads them. */
function zipOf(entries: readonly Entry[]): Buffer {
  const files: Buffer[] = [];
  const directoryEntries: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method = 8 } of entries) {
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const file = Buffer.concat([local, Buffer.from(name), packed]);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directoryEntries.push(Buffer.concat([entry, Buffer.from(name)]));
    files.push(file);
    offset += file.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directoryEntries, end]);
}

describe("unpackZip", () => {
  test("unpacks what is below the prefix, stored and deflated, without what is left out", async () => {
    const zip = zipOf([
      { name: "module@v1/bin/go", content: "the go command ".repeat(100) },
      { name: "module@v1/VERSION", content: "go1", method: 0 },
      { name: "module@v1/src/testdata/x", content: "x" },
      { name: "other/file", content: "x" },
    ]);
    await unpackZip(zip, directory, { prefix: "module@v1/", leaveOut: (path) => path.includes("testdata") });
    const files = (await readdir(directory, { recursive: true })).toSorted();
    expect(files).toEqual(["VERSION", "bin", "bin/go"]);
    expect(await readFile(join(directory, "bin/go"), "utf8")).toBe("the go command ".repeat(100));
    expect(await readFile(join(directory, "VERSION"), "utf8")).toBe("go1");
  });

  test("refuses a path that leads out of the directory", async () => {
    const zip = zipOf([{ name: "m/../../escaped", content: "x" }]);
    await expect(unpackZip(zip, directory, { prefix: "m/" })).rejects.toThrow("m/../../escaped");
  });

  test("refuses what is no archive, and a packing it does not know", async () => {
    await expect(unpackZip(Buffer.from("<html>"), directory, { prefix: "" })).rejects.toThrow("not a zip");
    const unknown = zipOf([{ name: "m/x", content: "x", method: 14 }]);
    await expect(unpackZip(unknown, directory, { prefix: "m/" })).rejects.toThrow("method 14");
  });
});
