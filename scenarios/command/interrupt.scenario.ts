import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { Runner } from "../support/runner.ts";

const test = siteTest("fixtures/sites/example");

const UNTIL_READY_MS = 90_000;

const SITECAR_UP = [process.execPath, "harness/cli/main.ts", "up", "fixtures/sites/example"] as const;

test.for([
  // npm ends by the signal itself, or the shell that it runs the script in does, whatever the command's exit code.
  { what: "npm start", command: ["npm", "start"], expected: { exitCode: undefined, signal: "SIGINT" } },
  { what: "sitecar up", command: SITECAR_UP, expected: { exitCode: 0, signal: undefined } },
] as const)(
  "Ctrl-C of the endless `$what` stops the site gracefully and leaves nothing",
  async ({ command, expected }, { host }) => {
    await using runner = await Runner.start(host.engine, command);
    await runner.untilEvent("phase", {
      withinMs: UNTIL_READY_MS,
      matches: ({ name }) => name === "site ready",
    });
    // The site is there, so that its absence below says something.
    expect(kinds(await runner.leftovers())).toEqual([
      ...Array(4).fill("container"),
      "network",
      ...Array(2).fill("volume"),
    ]);

    runner.interrupt();
    const end = await runner.ended();

    expect(end).toMatchObject(expected);
    // Both were asked, and their ends are told.
    expect(end.stdout).toMatch(/main +exit 137 .*killed at the end of the grace/);
    expect(end.stdout).toMatch(/dapr +exit 137 .*killed at the end of the grace/);
    expect(await runner.leftovers()).toEqual([]);
  },
);

test("Ctrl-C while the site is being created exits 0 and leaves nothing", async ({ host }) => {
  await using runner = await Runner.start(host.engine, SITECAR_UP);
  await runner.untilEvent("container.created", { withinMs: UNTIL_READY_MS });

  runner.interrupt();
  const end = await runner.ended();

  expect(end).toMatchObject({ exitCode: 0 });
  expect(await runner.leftovers()).toEqual([]);
});

function kinds(leftovers: readonly { readonly kind: string }[]): readonly string[] {
  return leftovers.map(({ kind }) => kind).toSorted();
}
