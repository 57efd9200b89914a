import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { Runner } from "../support/runner.ts";

const test = siteTest("fixtures/sites/example");

const BATCH = /^batch_\d{13}\.txt$/;

test.concurrent(
  "`npm start -- --until-ticks 3` ends by itself with 0 and a table of ticks and blobs, and leaves nothing",
  async ({ host }) => {
    await using runner = await Runner.start(host.engine, ["npm", "start", "--", "--until-ticks", "3"]);

    const end = await runner.ended();

    expect(end).toMatchObject({ exitCode: 0 });
    const table = end.stdout.slice(end.stdout.lastIndexOf("\ntick ")).trim().split("\n");
    const [heading, ...rows] = table.map((line) => line.trim().split(/ {2,}/));
    expect(heading).toEqual(["tick", "binding", "at (s)", "since last (s)", "answer", "ms", "blob", "bytes"]);
    expect(rows.map(([tick]) => tick)).toEqual(["1", "2", "3"]);
    for (const [, binding, , , answer, , blob] of rows) {
      expect({ binding, answer, blob }).toEqual({
        binding: "batch",
        answer: "ok",
        blob: expect.stringMatching(BATCH),
      });
    }
    expect(new Set(rows.map((row) => row[6])).size).toBe(3);
    // Before the table, the site's URL and each blob were told as they came.
    expect(end.stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
    for (const row of rows) expect(end.stdout.split(row[6] ?? "").length).toBeGreaterThan(2);
    expect(await runner.leftovers()).toEqual([]);
  },
);

test.concurrent(
  "with --json, standard output is one document and the rest goes to standard error",
  async ({ host }) => {
    // npm prints the command it runs unless it is told to be silent.
    await using runner = await Runner.start(host.engine, [
      "npm",
      "start",
      "--silent",
      "--",
      "--until-ticks",
      "3",
      "--json",
    ]);

    const end = await runner.ended();

    expect(end).toMatchObject({ exitCode: 0 });
    const document: unknown = JSON.parse(end.stdout);
    const tick = { component: "batch", success: true, blob: expect.stringMatching(BATCH) };
    expect(document).toMatchObject({
      site: "example",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      ticks: [
        { ...tick, tick: 1 },
        { ...tick, tick: 2 },
        { ...tick, tick: 3 },
      ],
      stopped: [
        { container: "main", exitCode: 137, killed: true },
        { container: "dapr", exitCode: 137, killed: true },
      ],
    });
    expect(end.stderr).toContain("everything is removed");
    expect(await runner.leftovers()).toEqual([]);
  },
);

test.concurrent(
  "on two instances each tick names its own, the finding is told, and the command ends with 1 (A3.9)",
  async ({ host }) => {
    await using runner = await Runner.start(host.engine, [
      "npm",
      "start",
      "--silent",
      "--",
      "--instances",
      "2",
      "--until-ticks",
      "4",
      "--json",
    ]);

    const end = await runner.ended();

    expect(end).toMatchObject({ exitCode: 1 });
    const document: unknown = JSON.parse(end.stdout);
    expect(document).toMatchObject({
      findings: [{ contract: 'firesOnce("batch")', verdict: "broken" }],
    });
    const { ticks } = document as { readonly ticks: readonly { readonly instance: string }[] };
    expect(new Set(ticks.map(({ instance }) => instance))).toEqual(new Set(["0-1", "1-1"]));
    expect(await runner.leftovers()).toEqual([]);
  },
);
