import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeOverResolver } from "./resolver-file.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "resolver-"));
  path = join(folder, "resolv.conf");
});
afterEach(() => rm(folder, { recursive: true }));

test("the address becomes the only name server; the rest stays, and the one before is handed back", async () => {
  await writeFile(
    path,
    "# by the engine\nsearch corp.example\nnameserver 127.0.0.11\nnameserver 9.9.9.9\noptions ndots:0\n",
  );
  expect(await takeOverResolver("169.254.129.4", path)).toBe("127.0.0.11");
  expect(await readFile(path, "utf8")).toBe(
    "nameserver 169.254.129.4\n# by the engine\nsearch corp.example\noptions ndots:0\n",
  );
});

test("the file stays the same one, by its inode: other containers of the namespace have it mounted", async () => {
  await writeFile(path, "nameserver 127.0.0.11\n");
  const { ino } = await stat(path);
  await takeOverResolver("169.254.129.4", path);
  expect((await stat(path)).ino).toBe(ino);
});

test("without a name server to ask for everything else it is left as it is", async () => {
  for (const text of ["options ndots:0\n", "nameserver 169.254.129.4\n"]) {
    await writeFile(path, text);
    await expect(takeOverResolver("169.254.129.4", path)).rejects.toThrow("names no name server");
    expect(await readFile(path, "utf8")).toBe(text);
  }
});
