import { expect, it } from "vitest";
import {
  allHeld,
  exampleSite,
  exploration,
  sampled,
  tried,
  twoContainers,
} from "./test-support/explorations.ts";
import { verdictOf } from "./verdict-of.ts";

it.each([
  ["everything held", allHeld(), "held"],
  ["a class was found", twoContainers(), "broken"],
  ["some are unknown beside what is broken", exampleSite(), "broken"],
  ["some are unknown", sampled(), "unknown"],
  ["nothing was tried", exploration({}), "unknown"],
  [
    "one broke that belongs to no class yet",
    exploration({ tried: [tried(["a"], [], { verdict: "broken" })] }),
    "broken",
  ],
  ["it was ended early", { ...allHeld(), endedEarly: "ended by SIGINT" }, "unknown"],
  ["some were left out for want of time", { ...allHeld(), leftOut: ["a 0"] }, "held"],
] as const)("%s: %s", (_, found, verdict) => {
  expect(verdictOf(found)).toBe(verdict);
});
