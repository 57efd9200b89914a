import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readHomeFiles } from "./home-files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "home-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("what was deployed to /home", () => {
  test("is a file under its new name, or a directory with all below it, byte for byte", async () => {
    const bytes = Buffer.from([0, 255, 10]);
    await mkdir(path.join(folder, "deep/er"), { recursive: true });
    await writeFile(path.join(folder, "one"), bytes);
    await writeFile(path.join(folder, "deep/er/two"), "2");
    const placed = await readHomeFiles([
      { from: path.join(folder, "one"), to: "/home/a/renamed" },
      { from: folder, to: "/home/all" },
    ]);
    expect(placed.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: "/sitecar/trees/home/a/renamed", content: bytes, mode: 0o777 },
      { path: "/sitecar/trees/home/all/deep/er/two", content: Buffer.from("2"), mode: 0o777 },
      { path: "/sitecar/trees/home/all/one", content: bytes, mode: 0o777 },
    ]);
  });

  test("that is not there fails with its path", async () => {
    await expect(
      readHomeFiles([{ from: path.join(folder, "nowhere"), to: "/home/a" }]),
    ).rejects.toMatchObject({ code: "FILE_NOT_READABLE", message: expect.stringContaining("nowhere") });
  });
});
