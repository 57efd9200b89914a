import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { removeStalePidFiles } from "./stale-pid-files.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-pid-"));
  return () => rm(directory, { recursive: true, force: true });
});

test.runIf(process.platform === "linux")(
  "removeStalePidFiles removes a dead process's file and another command's, and keeps the right one's",
  async () => {
    const file = async (name: string, content: string, command: string) => {
      await writeFile(join(directory, name), content);
      return { path: join(directory, name), command };
    };
    const self = (await readFile(`/proc/${process.pid}/comm`, "utf8")).trim();
    const removed = await removeStalePidFiles([
      await file("dead", "4194305", self),
      await file("other", String(process.pid), "dockerd"),
      await file("damaged", "no number", self),
      await file("alive", `${process.pid}\n`, self),
      { path: join(directory, "missing"), command: self },
    ]);
    expect(removed).toEqual(["dead", "other", "damaged"].map((name) => join(directory, name)));
    expect(await readdir(directory)).toEqual(["alive"]);
  },
);
