import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Trees } from "./trees.ts";

let root: string;
let trees: Trees;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "trees-"));
  await mkdir(join(root, "home"));
  trees = new Trees(root);
});
afterEach(() => rm(root, { recursive: true }));

async function modeOf(path: string): Promise<number> {
  return (await stat(join(root, "home", path))).mode & 0o777;
}

describe("the trees that containers share", () => {
  test("can be emptied, of what nobody but their owner may remove too, and stay", async () => {
    await trees.append({ tree: "home", path: "a/b/file" }, "text");
    await mkdir(join(root, "home", "closed"), { mode: 0o500 });
    await mkdir(join(root, "local"));
    await writeFile(join(root, "local", ".hidden"), "text", { mode: 0o400 });
    await trees.empty();
    expect([
      await readdir(root),
      await readdir(join(root, "home")),
      await readdir(join(root, "local")),
    ]).toEqual([["home", "local"], [], []]);
  });

  test("directories are open to everybody, each level of them, whatever the umask", async () => {
    await trees.makeDirectory({ tree: "home", path: "a/b" });
    expect([await modeOf(""), await modeOf("a"), await modeOf("a/b")]).toEqual([0o777, 0o777, 0o777]);
  });

  test("what exists stays as it is", async () => {
    await mkdir(join(root, "home", "a"), { mode: 0o700 });
    await trees.makeDirectory({ tree: "home", path: "a/b" });
    expect(await modeOf("a")).toBe(0o700);
  });

  test("texts are appended, to files that are made with their directories", async () => {
    const file = { tree: "home", path: "LogFiles/x.log" } as const;
    await trees.append(file, "one\n");
    await trees.append(file, "two ✓\n");
    expect(await readFile(join(root, "home/LogFiles/x.log"), "utf8")).toBe("one\ntwo ✓\n");
  });

  test.each(["../x", "a/../../x", ".."])("nothing leaves its tree: %s", async (path) => {
    await expect(trees.makeDirectory({ tree: "home", path })).rejects.toThrow("leaves its tree");
    await expect(trees.append({ tree: "home", path }, "")).rejects.toThrow("leaves its tree");
  });

  test("a tree that is not mounted is no place to write to", async () => {
    await expect(trees.makeDirectory({ tree: "local", path: "a" })).rejects.toThrow("not mounted");
    await expect(trees.append({ tree: "logs", path: "a" }, "")).rejects.toThrow("not mounted");
  });
});
