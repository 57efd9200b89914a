import { readdir, rename } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readExploration } from "../lab/exploration-file.ts";
import { judged, lag, type SimulatedSite } from "../lab/test-support/simulated-laboratory.ts";
import { EXIT } from "./exit-codes.ts";
import { EXAMPLE, LaboratoryCommands, present } from "./test-support/laboratory-commands.ts";

// A simulated laboratory runs hundreds of trials, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

const SYMPTOM = 'component "blob" not loaded';
const storageLate: SimulatedSite = (schedule) => [
  judged("componentsLoaded", SYMPTOM, lag(schedule, "storage", "dapr") > 5000),
];

let site: SimulatedSite;
let commands: LaboratoryCommands;
let exploration: string;
beforeEach(async () => {
  site = storageLate;
  commands = await LaboratoryCommands.create((schedule, random) => site(schedule, random));
  const options = ["--delays", "0,7s", "--no-disturbances", "--budget", "60m", "--repeat", "3"];
  await commands.run("explore", EXAMPLE, ...options, "--tick-every", "1s", "--set", "token=secret");
  const [id] = (await readdir(".sitecar/explorations")).filter((name) => !name.startsWith("."));
  exploration = path.join(".sitecar/explorations", present(id));
});
afterEach(() => commands[Symbol.asyncDispose]());

const AGAIN = ["--set", "token=secret"];

describe("sitecar replay", () => {
  it("runs a class again: by its letter, its key, its file", async () => {
    const { classes } = await readExploration(exploration);
    const { key, scheduleFile, replayCommand, smallest } = present(classes[0]);
    expect(replayCommand).toBe(`sitecar replay ${path.relative("", scheduleFile)}`);
    for (const what of [
      `${exploration}#A`,
      `${exploration}#${key}`,
      `${exploration}/exploration.json#a`,
      scheduleFile,
    ]) {
      const { exitCode, out } = await commands.run("replay", what, ...AGAIN);
      expect(exitCode).toBe(EXIT.broken);
      expect(out).toContain("broken: componentsLoaded");
      expect(out).toContain(`saved for: ${SYMPTOM}`);
    }
    expect(commands.opened.at(-1)).toMatchObject({ tickEvery: "1s", inputs: { files: [{ file: EXAMPLE }] } });
    const { out } = await commands.run("replay", scheduleFile, "--json", ...AGAIN);
    expect(JSON.parse(out)).toMatchObject({ runs: 1, broken: 1, asExpected: 1, schedule: smallest });
  });

  it("shows when each start was planned and how much later it was", async () => {
    const { out } = await commands.run("replay", `${exploration}#A`, ...AGAIN);
    expect(out).toMatch(/dapr started +0 s +\+7 ms\n/);
  });

  it("finds the schedules of an exploration that was moved", async () => {
    await rename(exploration, "elsewhere");
    expect((await commands.run("replay", "elsewhere#A", ...AGAIN)).exitCode).toBe(EXIT.broken);
  });

  it("runs a run again: by its folder or its id", async () => {
    const { tried } = await readExploration(exploration);
    const held = present(tried.find(({ verdict }) => verdict === "held"));
    expect(await commands.run("replay", held.runDirectory, ...AGAIN)).toMatchObject({
      exitCode: EXIT.held,
      out: expect.stringContaining("held: 1 contracts"),
    });
    const [again] = (await readdir(".sitecar/runs")).filter((name) => /^\d/.test(name));
    expect((await commands.run("replay", present(again), ...AGAIN)).exitCode).toBe(EXIT.held);
  });

  it("tells the share that breaks, with its interval", async () => {
    site = (_, random) => [judged("componentsLoaded", SYMPTOM, random.below(2) === 0)];
    const { out, exitCode } = await commands.run("replay", `${exploration}#A`, "--times", "40", ...AGAIN);
    expect(exitCode).toBe(EXIT.broken);
    const [, broken = "", low = "", high = "", held = ""] =
      /broken as it was saved for in (\d+) of 40 runs \(95 %: (\d+)–(\d+) %\); (\d+) held/.exec(out) ?? [];
    expect(Number(broken) + Number(held)).toBe(40);
    expect(Number(low)).toBeLessThan((Number(broken) / 40) * 100);
    expect(Number(high)).toBeGreaterThan((Number(broken) / 40) * 100);
  });

  it("says when it breaks in another way than it was saved for", async () => {
    site = () => [judged("siteStarts", "never Started", true)];
    const { out } = await commands.run("replay", `${exploration}#A`, "--times", "3", ...AGAIN);
    expect(out).toContain("broken as it was saved for in 0 of 3 runs");
    expect(out).toContain("3 broken in another way");
  });

  it("asks for values that are not saved", async () => {
    await expect(commands.run("replay", `${exploration}#A`)).rejects.toThrow(
      /missing +token\nFix: .*--set token=…/,
    );
  });

  it.each([
    ["an exploration without a class", () => exploration, "USAGE", /classes +componentsLoaded/],
    ["a class that it has not", () => `${exploration}#Z`, "USAGE", /no class "Z"/],
    ["a folder of something else", () => commands.directory, "USAGE", /neither a run's folder/],
    ["a run that is not there", () => "20260101-000000-x-0000", "USAGE", /no run/],
    ["a file that is none", () => EXAMPLE + "/sitecar.json", "SCHEDULE_INVALID", /sitecar/],
  ])("refuses %s", async (_, what, code, message) => {
    const outcome = commands.run("replay", what());
    await expect(outcome).rejects.toMatchObject({ code });
    await expect(outcome).rejects.toThrow(message);
  });

  it("leaves one site running or runs several, not both", async () => {
    await expect(commands.run("replay", `${exploration}#A`, "--keep", "--times", "2")).rejects.toMatchObject({
      code: "USAGE",
    });
  });
});
