import { test } from "vitest";
import { knownBugs } from "./catalogue/expected.ts";
import { holdRemedies, holdTo } from "./catalogue/hold-to.ts";

/** `npm run test:lab`: every known bug is found, by default settings, and its remedy proves itself. One after the other. */
test.for(await knownBugs())("$name", { timeout: 1_200_000 }, async (bug) => {
  await holdRemedies(bug, await holdTo(bug, "5m"));
});
