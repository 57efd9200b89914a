import { access, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readExploration } from "../lab/exploration-file.ts";
import { judged, lag, type SimulatedSite } from "../lab/test-support/simulated-laboratory.ts";
import { EXIT } from "./exit-codes.ts";
import { EXAMPLE, LaboratoryCommands, present } from "./test-support/laboratory-commands.ts";

// A simulated laboratory runs hundreds of trials, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

const SYMPTOM = 'component "blob" not loaded';
/** daprd gives up when storage is 5 s later than it. */
const storageLate: SimulatedSite = (schedule) => [
  judged("componentsLoaded", SYMPTOM, lag(schedule, "storage", "dapr") > 5000),
];
const good: SimulatedSite = () => [judged("nothingExits", "", false)];

let site: SimulatedSite;
let commands: LaboratoryCommands;
beforeEach(async () => {
  site = storageLate;
  commands = await LaboratoryCommands.create((schedule, random) => site(schedule, random));
});
afterEach(() => commands[Symbol.asyncDispose]());

const SMALL = ["--delays", "0,4s,7s", "--no-disturbances", "--budget", "60m", "--repeat", "5"];

async function explorations(): Promise<readonly string[]> {
  const root = path.join(commands.directory, ".sitecar/explorations");
  return (await readdir(root)).filter((name) => !name.startsWith(".")).map((name) => path.join(root, name));
}

describe("sitecar explore", () => {
  it("tells the class, its threshold and how to see it again, and ends with 1", async () => {
    const { exitCode, out, err } = await commands.run("explore", EXAMPLE, ...SMALL);
    expect(exitCode).toBe(EXIT.broken);
    const [, holds, breaks] =
      /A {2}broken: component "blob" not loaded ⇐ storage .*\n {3}5\.\d s \((\d\.\d\d) s holds, (\d\.\d\d) s breaks; 5\/5\)/.exec(
        out,
      ) ?? [];
    // 5 s after daprd's start, which comes 100 ms after main's of the same time.
    expect(Number(holds)).toBeGreaterThan(4.99);
    expect(Number(breaks)).toBeLessThan(5.21);
    expect(Number(breaks) - Number(holds)).toBeLessThanOrEqual(0.101);
    expect(out).toMatch(/\n {3}replay {5}sitecar replay \.sitecar\/explorations\/\S+\.json\n/);
    expect(out).toMatch(/\nbroken: example: \d+ held, \d+ broken, 0 unknown of \d+ schedules/);
    expect(err).toContain(`broken: componentsLoaded: ${SYMPTOM}`);
    const [directory] = await explorations();
    const page = await readFile(path.join(present(directory), "report.html"), "utf8");
    expect(page).toContain("component &quot;blob&quot; not loaded");
  });

  it("ends with 0 when everything held", async () => {
    site = good;
    expect(await commands.run("explore", EXAMPLE, ...SMALL)).toMatchObject({
      exitCode: EXIT.held,
      out: expect.stringMatching(/\nheld: example: (\d+) held, 0 broken, 0 unknown of \1 schedules/),
    });
  });

  it("ends with 2 when it could not be told", async () => {
    site = () => [{ contract: "x", verdict: "unknown", evidence: ["daprd gave no answer"] }];
    expect(await commands.run("explore", EXAMPLE, ...SMALL)).toMatchObject({ exitCode: EXIT.unknown });
  });

  it("hands the command line on to the laboratory, and saves what a replay needs", async () => {
    await commands.run(
      "explore",
      EXAMPLE,
      ...SMALL,
      "--tick-every",
      "1s",
      "--at-once",
      "3",
      "--plan",
      "B1",
      "--instances",
      "2",
      "--image",
      "main=my/app:dev",
      "--platform-clock",
      "10x",
      "--without",
      "recovers",
      "--set",
      "token=secret",
    );
    const [options] = commands.opened;
    expect(options).toMatchObject({
      tickEvery: "1s",
      mostAtOnce: 3,
      instances: 2,
      images: { main: "my/app:dev" },
      settings: { platformClock: 10 },
      inputs: { files: [{ file: EXAMPLE }], plan: "B1", instances: 2, tickEvery: "1s", supplied: ["token"] },
    });
    expect(options?.contracts.map(({ name }) => name)).not.toContain("recovers");
    const [directory] = await explorations();
    const saved = await readFile(path.join(present(directory), "exploration.json"), "utf8");
    expect(saved).toContain("cron bindings at @every 1s");
    expect(saved).not.toContain("secret");
  });

  it("tries a fault that was asked for, and no other disturbance", async () => {
    await commands.run("explore", EXAMPLE, ...SMALL, "--fault", "identity-slow delayMs=8s");
    const { disturbances, tried } = await readExploration(present((await explorations())[0]));
    expect(disturbances).toHaveLength(1);
    expect(tried.filter(({ disturbance }) => disturbance !== undefined)).toMatchObject([
      { schedule: { steps: [{ when: { atMs: 0 }, inject: { fault: "identity-slow", delayMs: 8000 } }] } },
    ]);
  });

  it("prints the exploration alone with --json, as it is saved", async () => {
    const { out, err } = await commands.run("explore", EXAMPLE, ...SMALL, "--json");
    expect(JSON.parse(out)).toEqual(await readExploration(present((await explorations())[0])));
    expect(err).toContain("report: ");
  });

  it("writes the report where it is asked to", async () => {
    await commands.run("explore", EXAMPLE, ...SMALL, "--report", "out/report");
    expect(await readdir("out/report")).toEqual(["report.html"]);
  });

  it.each([
    ["all", (kept: number, broken: number) => kept > broken],
    ["broken", (kept: number, broken: number) => kept === broken],
    ["none", (kept: number) => kept === 0],
  ] as const)("keeps the folders of trials: %s", async (which, asExpected) => {
    await commands.run("explore", EXAMPLE, ...SMALL, "--trials-kept", which);
    const { tried, classes } = await readExploration(present((await explorations())[0]));
    const named = new Set(classes.flatMap((one) => [one.runDirectory, one.heldRunDirectory]));
    const kept = tried.filter(({ runDirectory }) => runDirectory !== "" && !named.has(runDirectory));
    const broken = tried.filter(
      ({ verdict, runDirectory }) => verdict === "broken" && !named.has(runDirectory),
    );
    expect(asExpected(kept.length, broken.length)).toBe(true);
    for (const { runDirectory } of kept) await access(runDirectory);
    for (const directory of named) if (directory !== undefined) await access(directory);
  });

  it("tells and saves what is known when it is ended", async () => {
    commands.beforeTrial = (trial) => {
      if (trial === 20) process.emit("SIGINT", "SIGINT");
    };
    const { exitCode, out, err } = await commands.run("explore", EXAMPLE, ...SMALL, "--trials-kept", "all");
    expect(err).toContain("ending; what is known so far is told");
    expect(out).toContain("Ended early: ");
    const { tried, endedEarly } = await readExploration(present((await explorations())[0]));
    expect(endedEarly).toBeDefined();
    expect(tried.length).toBeGreaterThan(0);
    expect(exitCode).not.toBe(EXIT.held);
  });

  it.each([
    ["a shard that is none", ["--shard", "9/8"], "USAGE"],
    ["a fault that there is none of", ["--fault", "identity-slo"], "FAULT_UNKNOWN"],
    ["a contract that there is none of", ["--only", "bindingActive"], "CONTRACT_UNKNOWN"],
    ["a module that is not there", ["--contracts", "none.ts"], "CONTRACTS_UNREADABLE"],
    ["an image for a container the site has not", ["--image", "mian=x"], "CONTAINER_UNKNOWN"],
    ["a plan that App Service has not", ["--plan", "P9"], "PLAN_UNKNOWN"],
  ])("finds %s before anything is made", async (_, args, code) => {
    await expect(commands.run("explore", EXAMPLE, ...args)).rejects.toMatchObject({ code });
    expect(await readdir(commands.directory)).toEqual([]);
  });
});

describe("sitecar merge", () => {
  it("makes one report of all shards, with the verdict of all", async () => {
    for (const shard of ["1/2", "2/2"]) await commands.run("explore", EXAMPLE, ...SMALL, "--shard", shard);
    const parts = await explorations();
    const whole = await commands.run("merge", ...parts, "--report", "merged");
    expect(whole.exitCode).toBe(EXIT.broken);
    expect(whole.out.match(/broken: component "blob" not loaded/g)).toHaveLength(1);
    const merged = await readExploration(path.join(commands.directory, "merged"));
    const tried = await Promise.all(parts.map(async (part) => (await readExploration(part)).tried.length));
    expect(merged.tried).toHaveLength(tried.reduce((sum, count) => sum + count, 0));
    await access(path.join(commands.directory, "merged/report.html"));
  });

  it("refuses what does not belong together", async () => {
    await commands.run("explore", EXAMPLE, ...SMALL, "--shard", "1/2");
    await expect(commands.run("merge", ...(await explorations()))).rejects.toMatchObject({
      code: "EXPLORATION_INVALID",
    });
    await writeFile("x.json", "{}");
    await expect(commands.run("merge", "x.json")).rejects.toMatchObject({ code: "EXPLORATION_INVALID" });
  });
});
