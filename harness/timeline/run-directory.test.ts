import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { pruneRuns, RUN_ID } from "./prune-runs.ts";
import { RunDirectory } from "./run-directory.ts";
import { Timeline } from "./timeline.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "sitecar-runs-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function runs(): Promise<string[]> {
  return (await readdir(root)).filter((name) => RUN_ID.test(name)).toSorted();
}

describe("RunDirectory", () => {
  it("is named by time and site, is the latest, and keeps itself out of version control", async () => {
    await using run = await RunDirectory.open("my site", { root });
    expect(run.id).toMatch(/^\d{8}-\d{6}-my-site-[0-9a-f]{4}$/);
    expect(run.path).toBe(path.join(root, run.id));
    expect(await readlink(path.join(root, "latest"))).toBe(run.id);
    expect(await readFile(path.join(root, ".gitignore"), "utf8")).toBe("*\n");
  });

  it("writes the timeline's events from before and after it follows, a line each", async () => {
    const timeline = new Timeline();
    timeline.record({ type: "phase", name: "one" });
    const run = await RunDirectory.open("example", { root });
    run.follow(timeline);
    timeline.record({ type: "phase", name: "two" });
    await run[Symbol.asyncDispose]();
    timeline.record({ type: "phase", name: "after the end" });
    const lines = (await readFile(path.join(run.path, "timeline.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(timeline.events.slice(0, 2));
  });

  it("keeps a container's lines whole, each with time and stream", async () => {
    const run = await RunDirectory.open("example", { root });
    const euro = Buffer.from("€");
    const log = run.log("main");
    expect(run.log("main")).toBe(log);
    log.write("stdout", "par", 0);
    log.write("stderr", "err\n", 1000);
    log.write("stdout", Buffer.concat([Buffer.from("t "), euro.subarray(0, 1)]), 2000);
    log.write("stdout", Buffer.concat([euro.subarray(1), Buffer.from("\r\nnext\nrest")]), 3000);
    await run[Symbol.asyncDispose]();
    const lines = (await readFile(path.join(run.path, "logs", "main.log"), "utf8")).split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "1970-01-01T00:00:01.000Z stderr err",
      "1970-01-01T00:00:03.000Z stdout part €",
      "1970-01-01T00:00:03.000Z stdout next",
    ]);
    expect(lines[3]).toMatch(/Z stdout rest$/);
    expect(lines.slice(4)).toEqual([""]);
  });

  it("sums up its record, whoever writes when", async () => {
    const run = await RunDirectory.open("example", { root });
    await Promise.all([
      run.write("engine", { version: "20.10.24" }),
      run.write("images", []),
      run.write("images", ["daprd"]),
    ]);
    await run[Symbol.asyncDispose]();
    expect(JSON.parse(await readFile(path.join(run.path, "record.json"), "utf8"))).toEqual({
      engine: { version: "20.10.24" },
      images: ["daprd"],
    });
    // Nothing half-written and no mark of a living run is left.
    expect((await readdir(run.path)).toSorted()).toEqual(["logs", "record.json", "timeline.jsonl"]);
  });

  it("gives every one of many processes a folder of its own", { timeout: 60_000 }, async () => {
    const program = `
      const { RunDirectory } = await import(${JSON.stringify(new URL("run-directory.ts", import.meta.url).href)});
      const opened = await Promise.all(Array.from({ length: 10 }, () => RunDirectory.open("many")));
      for (const run of opened) { await run.write("id", run.id); await run[Symbol.asyncDispose](); }
      console.log(JSON.stringify(opened.map(({ id }) => id)));`;
    const results = await Promise.all(
      Array.from({ length: 3 }, () =>
        execa(process.execPath, ["--input-type=module", "--eval", program], { env: { SITECAR_RUNS: root } }),
      ),
    );
    const ids = results.flatMap(({ stdout }) => JSON.parse(stdout) as string[]);
    expect(new Set(ids).size).toBe(30);
    expect(await runs()).toEqual(ids.toSorted());
    expect(ids).toContain(await readlink(path.join(root, "latest")));
  });

  it("removes the oldest beyond fifty when a run starts", async () => {
    const old = Array.from(
      { length: 55 },
      (_, index) => `20200101-0000${String(index).padStart(2, "0")}-old-0000`,
    );
    await Promise.all(old.map((id) => mkdir(path.join(root, id))));
    await writeFile(path.join(root, "my-notes.txt"), "kept");
    await using run = await RunDirectory.open("example", { root });
    expect(await runs()).toEqual([...old.slice(6), run.id]);
    expect(await readdir(root)).toContain("my-notes.txt");
  });

  it("says RUN_DIRECTORY_FAILED where it can't make its folder", async () => {
    await writeFile(path.join(root, "file"), "");
    await expect(
      RunDirectory.open("example", { root: path.join(root, "file", "runs") }),
    ).rejects.toThrowError(/^RUN_DIRECTORY_FAILED: [^]*ENOTDIR[^]*SITECAR_RUNS/);
  });

  it("tells a failed write when it is disposed, after it has ended everything else", async () => {
    const run = await RunDirectory.open("example", { root });
    await rm(path.join(run.path, "logs"), { recursive: true });
    run.log("main").write("stdout", "lost\n");
    const timeline = new Timeline();
    run.follow(timeline);
    timeline.record({ type: "phase", name: "kept" });
    await expect(run[Symbol.asyncDispose]()).rejects.toThrowError(/^RUN_DIRECTORY_FAILED: [^]*main\.log/);
    expect(await readFile(path.join(run.path, "timeline.jsonl"), "utf8")).toContain("kept");
  });
});

describe("pruneRuns", () => {
  it("leaves a run whose process lives, and takes it when the process is gone", async () => {
    const [owned, dead, newest] = ["a", "b", "c"].map((site, index) => `2020010${index}-000000-${site}-0000`);
    const ended = execa(process.execPath, ["--eval", ""]);
    await ended;
    for (const [id, pid] of [
      [owned, process.pid],
      [dead, ended.pid],
      [newest, ended.pid],
    ] as const) {
      await mkdir(path.join(root, String(id)));
      await writeFile(path.join(root, String(id), "running.pid"), String(pid));
    }
    expect(await pruneRuns(root, 1)).toEqual([]);
    expect(await runs()).toEqual([owned, newest]);
  });
});
