import { expect, test } from "vitest";
import { knownBugs } from "./catalogue/expected.ts";
import { expectKnown } from "./catalogue/hold-to.ts";

/** Of the catalogue one bug that is always there, and one that the order decides, with its threshold. */
const QUICK = ["hono-without-direction", "slow-options"];

const bugs = (await knownBugs()).filter(({ name }) => QUICK.includes(name));

test.for(bugs)("$name", { timeout: 400_000 }, async (bug) => {
  const exploration = await expectKnown(bug, "3m");
  expect(exploration.tried.length).toBeGreaterThan(exploration.points / 2);
});
