import { expect, test } from "vitest";
import { knownBugs } from "./catalogue/expected.ts";
import { expectKnown, tryRemedies } from "./catalogue/hold-to.ts";

/** `npm run test:lab`: every known bug is found, with default settings, and its remedy proves itself. One after the other. */
test.for(await knownBugs())("$name", { timeout: 1_200_000 }, async (bug) => {
  const tried = await tryRemedies(bug, await expectKnown(bug));
  expect(tried.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
});
