import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findSubject } from "./subject.ts";

const CLASSES = [
  { key: "siteStarts: cancelled", runDirectory: "/runs/a" },
  { key: "recovers: never", runDirectory: "/runs/b" },
];

describe("findSubject", () => {
  let folder = "";
  const exploration = (): string => path.join(folder, "exploration");

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "sitecar-subject-"));
    await mkdir(path.join(folder, "run"));
    await writeFile(path.join(folder, "run", "timeline.jsonl"), "");
    await mkdir(exploration());
    const lists = [
      "inputs",
      "containers",
      "grid",
      "disturbances",
      "contracts",
      "leftOut",
      "tried",
      "differences",
    ];
    await writeFile(
      path.join(exploration(), "exploration.json"),
      JSON.stringify({
        sitecar: "exploration/1",
        site: "shop",
        version: "1",
        began: "",
        tookMs: 1,
        seed: 0,
        budgetMs: 1,
        points: 1,
        figures: {},
        classes: CLASSES,
        ...Object.fromEntries(lists.map((name) => [name, []])),
      }),
    );
  });
  afterAll(async () => await rm(folder, { recursive: true }));

  it("takes a run's folder", async () => {
    expect(await findSubject(path.join(folder, "run"))).toEqual({ runDirectory: path.join(folder, "run") });
  });

  it.each([
    ["the first class of an exploration", "", "/runs/a"],
    ["a class by its letter", "#b", "/runs/b"],
    ["a class by its key", "#recovers: never", "/runs/b"],
  ])("takes %s", async (_, wanted, runDirectory) => {
    const subject = await findSubject(`${exploration()}${wanted}`);
    expect(subject.runDirectory).toBe(runDirectory);
    expect(subject.failing?.runDirectory).toBe(runDirectory);
  });

  it("refuses a class that there is not, and names those that there are", async () => {
    await expect(findSubject(`${exploration()}#recovers: nevr`)).rejects.toThrowError(
      /^USAGE: .*has no class "recovers: nevr"\. Did you mean "recovers: never"[^]*siteStarts: cancelled/,
    );
  });

  it("refuses a run that there is not", async () => {
    await expect(findSubject(path.join(folder, "nothing"))).rejects.toThrowError(/^USAGE: no run/);
  });
});
