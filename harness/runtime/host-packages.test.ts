import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findCommand, installObstacle, installPackages } from "./host-packages.ts";
import { OutputTail } from "./output-tail.ts";

test("findCommand takes the first executable of the PATH, and only an executable one", async () => {
  const [one, two] = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), "sitecar-path-"))));
  if (one === undefined || two === undefined) throw new Error("unreachable");
  onTestFinished(async () => {
    await Promise.all([one, two].map((path) => rm(path, { recursive: true, force: true })));
  });
  const PATH = [one, "", two].join(delimiter);
  await writeFile(join(one, "trial"), "", { mode: 0o644 });
  await writeFile(join(two, "trial"), "", { mode: 0o755 });
  expect(await findCommand("trial", { PATH })).toBe(join(two, "trial"));
  expect(await findCommand("nothing", { PATH })).toBeUndefined();
});

test("SITECAR_NO_INSTALL=1 forbids everything else", async () => {
  expect(await installObstacle({ ...process.env, SITECAR_NO_INSTALL: "1" })).toContain(
    "SITECAR_NO_INSTALL=1",
  );
});

test("a machine without apt can't install anything", async () => {
  expect(await installObstacle({ PATH: "" })).toBeDefined();
});

test("a missing command that may not be installed is an error with the command that would", async () => {
  const installing = installPackages(["mmdebstrap", "debian-archive-keyring"], {
    unlessCommand: "mmdebstrap",
    purpose: "to make a Debian base image",
    environment: { PATH: "", SITECAR_NO_INSTALL: "1" },
    signal: new AbortController().signal,
    tail: new OutputTail(),
    say: () => undefined,
  });
  await expect(installing).rejects.toMatchObject({
    code: "IMAGE_BUILD_FAILED",
    remedy: expect.stringContaining("apt-get install mmdebstrap debian-archive-keyring"),
  });
});
