import { expect, test } from "vitest";
import { knownBugs } from "./catalogue/expected.ts";
import { expectKnown } from "./catalogue/hold-to.ts";

/** Of the catalogue one bug that is always there: those with a threshold take several minutes each. */
const QUICK = ["hono-without-direction"];

const bugs = (await knownBugs()).filter(({ name }) => QUICK.includes(name));

test.for(bugs)("$name", { timeout: 400_000 }, async (bug) => {
  const exploration = await expectKnown(bug, "3m");
  expect(exploration.tried.length).toBeGreaterThan(exploration.points / 2);
});
