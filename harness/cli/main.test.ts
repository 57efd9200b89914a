import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EXIT } from "./exit-codes.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../../fixtures/sites/example", import.meta.url));

// Each test starts a process or two, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-cli-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** The command as a user calls it, in an empty directory and with an engine that is not there. */
function sitecar(...args: readonly string[]) {
  return execa(process.execPath, [MAIN, ...args], {
    cwd: directory,
    reject: false,
    env: { DOCKER_HOST: `unix://${join(directory, "none.sock")}`, NO_COLOR: "1" },
  });
}

describe("wrong usage ends with 64, says what is wrong, and shows how it is called", () => {
  it.each([
    ["no command", [], "Usage: sitecar [options] [command]"],
    ["an unknown command", ["upp"], "unknown command 'upp'\n(Did you mean up?)"],
    ["an unknown option", ["prune", "--everything"], "unknown option '--everything'"],
    ["too many arguments", ["prune", "a"], "too many arguments for 'prune'"],
    ["an image for no container", ["up", "--image", "my/app:dev"], "write <name>=<value>"],
    ["an image that is none", ["up", "--image", "main="], "write <container>=<image>"],
    ["ticks that are none", ["up", "--until-ticks", "many"], "must be a whole number from 1 up"],
    ["no ticks", ["up", "--until-ticks", "0"], "must be a whole number from 1 up"],
    ["half a tick", ["up", "--until-ticks", "1.5"], "must be a whole number from 1 up"],
    ["a time without unit", ["up", "--timeout", "90"], "write a duration: 800ms, 90s, 5m"],
    ["no instances", ["up", "--instances", "0"], "must be a whole number from 1 up"],
    ["a port that is none", ["up", "--public-port", "65536"], "must be a port from 1 to 65535"],
    ["a clock that runs slower", ["up", "--platform-clock", "0.5x"], "write a factor from 1 up"],
    ["a start without its value", ["up", "--start"], "argument missing"],
  ])("%s", async (_, args, message) => {
    const { exitCode, stdout, stderr } = await sitecar(...args);
    expect(stderr).toContain(message);
    expect(stderr).toContain("Usage: sitecar");
    expect(stdout).toBe("");
    expect(exitCode).toBe(EXIT.usage);
  });
});

describe("sitecar faults", () => {
  it("lists all kinds with their attributes, as text and as JSON", async () => {
    const text = await sitecar("faults");
    expect(text.exitCode).toBe(EXIT.held);
    expect(text.stdout).toMatch(
      /^identity-slow\n {2}The identity .*\n {4}delayMs {3}a number from 0 to 600000: /m,
    );
    const { stdout } = await sitecar("faults", "--json");
    const kinds: { name: string; attributes: object }[] = JSON.parse(stdout);
    expect(kinds.find(({ name }) => name === "identity-status")).toMatchObject({
      attributes: { status: { type: "number", required: true, least: 200, most: 599, whole: true } },
    });
    for (const { name } of kinds) expect(text.stdout).toMatch(new RegExp(`^${name}$`, "m"));
  });
});

describe("wrong input ends with 64 and its error, before the engine is asked", () => {
  it.each([
    ["a start that is none", ["--start", "nonsense"], "USAGE", '"nonsense" is no start option'],
    ["a container twice", ["--start", "dapr=1s", "--start", "dapr=2s"], "SCHEDULE_INVALID", "given twice"],
    ["a container the site has not", ["--start", "dabr=1s"], "SCHEDULE_UNKNOWN_CONTAINER", "dapr"],
    ["a plan that App Service has not", ["--plan", "P1v33"], "PLAN_UNKNOWN", 'Did you mean "P1v3"'],
    ["an image for a container the site has not", ["--image", "mian=x"], "CONTAINER_UNKNOWN", 'mean "main"'],
    ["a fault of no kind", ["--fault", "identity-slo delayMs=1s"], "FAULT_UNKNOWN", 'mean "identity-slow"'],
    ["a fault without its attribute", ["--fault", "identity-slow"], "FAULT_INVALID", "needs delayMs"],
    [
      "a fault of another container",
      ["--fault", "container-pause container=dabr"],
      "FAULT_INVALID",
      '"dapr"',
    ],
    ["a fault that is none", ["--fault", "identity-slow 8s"], "USAGE", '"8s" is no attribute'],
    ["a schedule that is not there", ["--schedule", "none.json"], "FILE_NOT_READABLE", "none.json"],
    ["two schedules", ["--schedule", "s.json", "--start", "dapr=1s"], "USAGE", "--schedule and --start both"],
    ["a start later than a day", ["--start", "dapr=2000m"], "SCHEDULE_INVALID", "dapr"],
  ])("%s", async (_, options, code, text) => {
    const { exitCode, stderr } = await sitecar("up", ...options, EXAMPLE);
    expect(stderr).toMatch(new RegExp(`^${code}: `));
    expect(stderr).toContain(text);
    expect(stderr).toContain("\nFix: ");
    expect(exitCode).toBe(EXIT.usage);
  });

  it.each([
    ["that is no JSON", "{starts:", "SCHEDULE_INVALID", "s.json is not valid JSON"],
    [
      "with a bad step",
      '{"steps":[{"when":{"after":{"seen":"tik"}},"do":"stop-site"}]}',
      "SCHEDULE_INVALID",
      "steps[0].when.after.seen",
    ],
    [
      "with a bad fault",
      '{"steps":[{"when":{"atMs":9},"inject":{"fault":"x"}}]}',
      "FAULT_UNKNOWN",
      "steps[0].inject",
    ],
    ["of another site", '{"dabr":5}', "SCHEDULE_UNKNOWN_CONTAINER", 'mean "dapr"'],
  ])("a schedule %s", async (_, content, code, text) => {
    await writeFile(join(directory, "s.json"), content);
    const { exitCode, stderr } = await sitecar("up", "--schedule", "s.json", EXAMPLE);
    expect(stderr).toMatch(new RegExp(`^${code}: `));
    expect(stderr).toContain(text);
    expect(exitCode).toBe(EXIT.usage);
  });

  it("takes the site after an option for the site", async () => {
    const { stderr } = await sitecar("up", "--start", "dapr=1s", "nowhere");
    expect(stderr).toMatch(/^FILE_NOT_READABLE: .*nowhere/);
  });

  it.each(["up", "doctor", "images"])("a site that is not there: %s", async (command) => {
    const { exitCode, stderr } = await sitecar(command, "nowhere");
    expect(stderr).toMatch(/^FILE_NOT_READABLE: .*nowhere/);
    expect(exitCode).toBe(EXIT.usage);
  });

  it("a directory without a site, as the working directory is by default", async () => {
    const { exitCode, stderr } = await sitecar("up");
    expect(stderr).toContain("a directory without sitecar.json, sitecar.yaml, sitecar.yml");
    expect(exitCode).toBe(EXIT.usage);
  });

  it("a malformed site, with the place", async () => {
    await writeFile(join(directory, "sitecar.json"), '{\n  "name": "a",\n  "siteContainers": [\n}\n');
    const { exitCode, stderr } = await sitecar("up");
    expect(stderr).toMatch(/^SPEC_MALFORMED: [^]*sitecar\.json:\d+:\d+/);
    expect(exitCode).toBe(EXIT.usage);
  });

  it("a site that can't be, with every problem", async () => {
    const containers = [
      { name: "a_b", properties: { image: "a:1", isMain: true } },
      { name: "c", properties: { image: "c:1", isMain: true } },
    ];
    await writeFile(
      join(directory, "sitecar.json"),
      JSON.stringify({ name: "a", siteContainers: containers }),
    );
    const { exitCode, stderr } = await sitecar("up");
    expect(stderr).toMatch(/^SPEC_INVALID: /);
    expect(stderr).toContain("a_b");
    expect(stderr).toContain("isMain");
    expect(exitCode).toBe(EXIT.usage);
  });

  it("ticks of a site without a Dapr sidecar", async () => {
    const containers = [{ name: "a", properties: { image: "a:1", isMain: true } }];
    await writeFile(
      join(directory, "sitecar.json"),
      JSON.stringify({ name: "a", siteContainers: containers }),
    );
    const { exitCode, stderr } = await sitecar("up", "--until-ticks", "3");
    expect(stderr).toMatch(/^USAGE: --until-ticks/);
    expect(exitCode).toBe(EXIT.usage);
  });
});

describe("an engine that is not there ends with 2: nothing is known of the site", () => {
  it.each([["up", EXAMPLE], ["images", EXAMPLE], ["prune"]])("%s", async (...args) => {
    const { exitCode, stderr } = await sitecar(...args);
    expect(stderr).toContain("ENGINE_NOT_FOUND: the container engine that DOCKER_HOST names");
    expect(exitCode).toBe(EXIT.unknown);
  });

  it("doctor, which says so among its findings", async () => {
    const { exitCode, stdout } = await sitecar("doctor", EXAMPLE, "--json");
    const report: {
      readonly outcome: string;
      readonly findings: readonly { check: string; state: string }[];
    } = JSON.parse(stdout);
    expect(report.outcome).toBe("problem");
    expect(report.findings).toContainEqual(expect.objectContaining({ check: "engine", state: "problem" }));
    expect(report.findings).toContainEqual(
      expect.objectContaining({ check: "container ports", state: "ok" }),
    );
    expect(exitCode).toBe(EXIT.unknown);
  });
});

describe("what was asked for ends with 0", () => {
  it.each([
    ["help", ["--help"]],
    ["help of a command", ["help", "up"]],
    ["the version", ["--version"]],
  ])("%s", async (_, args) => {
    const { exitCode, stdout } = await sitecar(...args);
    expect(stdout).toMatch(/^(Usage: sitecar|\d+\.\d+\.\d+$)/);
    expect(exitCode).toBe(EXIT.held);
  });
});
