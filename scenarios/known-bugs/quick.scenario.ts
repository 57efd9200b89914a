import { test } from "vitest";
import { knownBugs } from "./catalogue/expected.ts";
import { holdTo } from "./catalogue/hold-to.ts";

/** Of the catalogue what shows each kind of verdict: always, order-determined with a threshold, race, and a site that holds. */
const QUICK = ["hono-without-direction", "slow-options"];

const bugs = (await knownBugs()).filter(({ name }) => QUICK.includes(name));

test.for(bugs)("$name", { timeout: 400_000 }, async (bug) => {
  await holdTo(bug, "90s");
});
