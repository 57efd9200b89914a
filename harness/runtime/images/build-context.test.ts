import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar-stream";
import { beforeEach, describe, expect, test } from "vitest";
import { contextEntries, tarOf } from "./build-context.ts";
import { contentHash } from "./content-hash.ts";

let context: string;

beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), "sitecar-context-"));
  await mkdir(join(context, "folder/inner"), { recursive: true });
  await writeFile(join(context, "Dockerfile"), "FROM scratch\n");
  await writeFile(join(context, "secret"), "not for the image\n");
  await writeFile(join(context, "folder/inner/run.sh"), "#!/bin/sh\n", { mode: 0o700 });
  await symlink("inner/run.sh", join(context, "folder/link"));
  return () => rm(context, { recursive: true, force: true });
});

async function hashOf(...include: readonly string[]): Promise<string> {
  return contentHash({ values: { version: "1" }, entries: await contextEntries(context, include) });
}

function hashOfValues(values: Record<string, string>): Promise<string> {
  return contentHash({ values, entries: [] });
}

describe("contextEntries and tarOf", () => {
  test("send what is included and nothing else, without owners and times", async () => {
    const seen: Record<string, unknown> = {};
    const extraction = tarOf(await contextEntries(context, ["Dockerfile", "folder/"])).pipe(extract());
    for await (const entry of extraction) {
      const { name, type, mode, uid, linkname, mtime } = entry.header;
      let content = "";
      for await (const chunk of entry) content += String(chunk);
      seen[name] = { type, mode, uid, linkname, time: mtime?.getTime(), content };
    }
    const common = { uid: 0, time: 0, linkname: null, content: "" };
    expect(seen).toEqual({
      Dockerfile: { ...common, type: "file", mode: 0o644, content: "FROM scratch\n" },
      folder: { ...common, type: "directory", mode: 0o755 },
      "folder/inner": { ...common, type: "directory", mode: 0o755 },
      "folder/inner/run.sh": { ...common, type: "file", mode: 0o755, content: "#!/bin/sh\n" },
      "folder/link": { ...common, type: "symlink", mode: 0o777, linkname: "inner/run.sh" },
    });
  });

  test("names the path that is missing", async () => {
    await expect(contextEntries(context, ["dist"])).rejects.toMatchObject({
      code: "FILE_NOT_READABLE",
      message: expect.stringContaining('"dist"'),
    });
  });
});

describe("contentHash", () => {
  test("is the same for the same content, whatever the order and the files' times", async () => {
    const before = await hashOf("Dockerfile", "folder");
    await utimes(join(context, "Dockerfile"), 1, 1);
    expect(await hashOf("folder", "Dockerfile")).toBe(before);
  });

  test("ignores what is not included", async () => {
    const before = await hashOf("Dockerfile");
    await writeFile(join(context, "secret"), "changed\n");
    expect(await hashOf("Dockerfile")).toBe(before);
  });

  test.each<[string, () => Promise<void>]>([
    ["a file's content", () => writeFile(join(context, "Dockerfile"), "FROM other\n")],
    ["a file's mode", () => chmod(join(context, "folder/inner/run.sh"), 0o600)],
    ["a new file", () => writeFile(join(context, "folder/new"), "")],
    [
      "a link's target",
      async () => {
        await rm(join(context, "folder/link"));
        await symlink("elsewhere", join(context, "folder/link"));
      },
    ],
  ])("changes with %s", async (_what, change) => {
    const before = await hashOf("Dockerfile", "folder");
    await change();
    expect(await hashOf("Dockerfile", "folder")).not.toBe(before);
  });

  test("changes with a value, and does not confuse where one ends", async () => {
    expect(await hashOfValues({ a: "bc" })).not.toBe(await hashOfValues({ a: "b" }));
    expect(await hashOfValues({ a: "bc" })).not.toBe(await hashOfValues({ ab: "c" }));
    expect(await hashOfValues({ a: "1", b: "2" })).toBe(await hashOfValues({ b: "2", a: "1" }));
  });
});
