import { describe, expect, it } from "vitest";
import type { Judgement } from "../../contracts/contract.ts";
import { verdictOfTrial } from "./attempt.ts";

const held: Judgement = { contract: "a", verdict: "held", evidence: [] };
const broken: Judgement = { contract: "b", verdict: "broken", evidence: [] };
const doubtful: Judgement = { contract: "c", verdict: "unknown", evidence: ["not seen"] };
const daily: Judgement = {
  contract: "d",
  verdict: "unknown",
  nothingDue: true,
  evidence: ["no tick was due"],
};

describe("verdictOfTrial", () => {
  it.each([
    [[held], "held"],
    [[held, broken, doubtful], "broken"],
    [[held, doubtful], "unknown"],
    [[held, daily], "held"],
    [[daily, doubtful], "unknown"],
    [[daily], "unknown"],
  ] as const)("of %j is %s", (judgements, verdict) => {
    expect(verdictOfTrial(judgements)).toBe(verdict);
  });
});
