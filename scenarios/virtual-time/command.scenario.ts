import { execa } from "execa";
import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { Runner } from "../support/runner.ts";

const test = siteTest("fixtures/sites/example", { virtualTime: {} });

const SITECAR = [process.execPath, "harness/cli/main.ts"] as const;
const UP = [...SITECAR, "up", "fixtures/sites/example", "--virtual-time=2026-03-28T23:59:55Z"] as const;

test.concurrent("`sitecar up --virtual-time --advance` fires what is due, and ends", async ({ host }) => {
  await using runner = await Runner.start(host.engine, [...UP, "--advance", "1m", "--json"]);
  const end = await runner.ended();
  expect(end).toMatchObject({ exitCode: 0 });
  const document: unknown = JSON.parse(end.stdout);
  const tick = { component: "batch", outcome: "succeeded", container: "dapr", instance: "0-1" };
  expect(document).toMatchObject({
    virtualTime: { from: "2026-03-28T23:59:55.000Z", to: "2026-03-29T00:00:55.000Z" },
    virtualTicks: ["00:05", "00:15", "00:25", "00:35", "00:45", "00:55"].map((time) => ({
      ...tick,
      due: `2026-03-29T00:${time}.000Z`,
    })),
  });
  expect(end.stderr).toContain(
    "virtual time went on from 2026-03-28T23:59:55.000Z to 2026-03-29T00:00:55.000Z",
  );
  expect(await runner.leftovers()).toEqual([]);
});

test.concurrent("`sitecar clock` steps the clock of a site that another process runs", async ({ host }) => {
  await using runner = await Runner.start(host.engine, UP);
  await runner.untilEvent("phase", { withinMs: 90_000, matches: ({ name }) => name === "site ready" });
  const clock = async (...words: readonly string[]) => {
    const [file, ...args] = [...SITECAR, "clock", ...words];
    const { exitCode, stdout, stderr } = await execa(file, args, {
      reject: false,
      env: { SITECAR_RUNS: runner.runsDirectory },
    });
    return { exitCode, stdout, stderr };
  };
  expect(await clock()).toMatchObject({
    exitCode: 0,
    stdout: [
      "virtual time: 2026-03-28T23:59:55.000Z",
      "next tick: batch at 2026-03-29T00:00:05.000Z (virtual time)",
    ].join("\n"),
  });
  const next = await clock("next");
  expect(next.stdout).toMatch(
    /^virtual time +binding +answer +ms\n2026-03-29T00:00:05\.000Z +batch +succeeded +\d+\n/,
  );
  expect(JSON.parse((await clock("advance", "20s", "--json")).stdout)).toMatchObject({
    time: "virtual",
    from: "2026-03-29T00:00:05.000Z",
    now: "2026-03-29T00:00:25.000Z",
    next: { due: "2026-03-29T00:00:35.000Z", component: "batch" },
    ticks: [{ due: "2026-03-29T00:00:15.000Z" }, { due: "2026-03-29T00:00:25.000Z" }],
  });
  const refused = await clock("advance", "P30D");
  expect(refused).toMatchObject({ exitCode: 64, stdout: "" });
  expect(refused.stderr).toMatch(
    /^CLOCK_STEP_INVALID: to go by P30D, the virtual clock would fire 259,200 ticks/,
  );
  expect(await clock("advance-to", "2026-03-28T00:00:00Z")).toMatchObject({ exitCode: 64 });

  runner.interrupt();
  const end = await runner.ended();
  expect(end.exitCode).toBe(0);
  // What happens to the site is told as it happens, and says virtual; so does what its ticks were.
  expect(end.stdout).toContain("virtual tick batch due 2026-03-29T00:00:15.000Z, answered in");
  expect(end.stdout).toMatch(/\nvirtual time +binding +answer +ms\n/);
  expect(await clock()).toMatchObject({ exitCode: 64, stderr: expect.stringContaining("VIRTUAL_TIME_OFF") });
  expect(await runner.leftovers()).toEqual([]);
});
