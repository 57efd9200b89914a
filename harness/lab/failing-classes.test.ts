import { describe, expect, it } from "vitest";

import type { Judgement } from "../contracts/contract.ts";
import { answerOf, canFollow, classesOf, likelyCauses } from "./failing-classes.ts";
import type { TrialOutcome } from "./laboratory.ts";
import { starts } from "./test-support/asking.ts";
import { judged } from "./test-support/simulated-laboratory.ts";

const unknown: Judgement = { contract: "recovers", verdict: "unknown", evidence: [] };

function outcome(judgements: readonly Judgement[], more: Partial<TrialOutcome> = {}): TrialOutcome {
  return {
    schedule: starts({ main: 0 }),
    verdict: "held",
    judgements,
    runDirectory: "",
    tookMs: 0,
    latenessMs: 0,
    ...more,
  };
}

const answer = (of: TrialOutcome) => answerOf(of, "siteStarts: late", "siteStarts");

describe("answerOf", () => {
  it("breaks by the same contract and symptom alone", () => {
    expect(answer(outcome([judged("siteStarts", "late", true)], { verdict: "broken" }))).toBe("breaks");
    expect(answer(outcome([judged("siteStarts", "never", true)], { verdict: "broken" }))).toBe("holds");
    expect(answer(outcome([judged("recovers", "late", true)], { verdict: "broken" }))).toBe("holds");
  });

  it("does not know what its contract could not judge, nor what a busy machine did", () => {
    expect(answer(outcome([{ ...unknown, contract: "siteStarts" }], { verdict: "unknown" }))).toBe("unknown");
    expect(answer(outcome([judged("siteStarts", "", false)], { verdict: "unknown", latenessMs: 240 }))).toBe(
      "unknown",
    );
    expect(answer(outcome([judged("siteStarts", "late", true)], { verdict: "unknown" }))).toBe("unknown");
    expect(answer(outcome([], { verdict: "unknown" }))).toBe("unknown");
  });

  it("holds where only another contract could not be judged", () => {
    expect(answer(outcome([judged("siteStarts", "", false), unknown], { verdict: "unknown" }))).toBe("holds");
  });
});

describe("classesOf", () => {
  it("has each class once, in the order of the judgements", () => {
    const judgements = [
      judged("b", "x", true),
      judged("a", "y", true),
      judged("b", "x", true),
      judged("c", "", false),
    ];
    expect([...classesOf(outcome(judgements, { verdict: "broken" })).keys()]).toEqual(["b: x", "a: y"]);
  });
});

const causes = (
  trials: Readonly<Record<string, readonly string[]>>,
  reasons: Readonly<Record<string, readonly (string | undefined)[]>> = {},
) =>
  Object.fromEntries(
    likelyCauses(
      new Map(
        Object.entries(trials).map(([contract, keys]) => [
          contract,
          { contract, keys: new Set(keys), reasons: new Set(reasons[contract] ?? [undefined]) },
        ]),
      ),
    ),
  );

describe("likelyCauses", () => {
  it("takes the first of a chain", () => {
    expect(
      causes({ ticksDelivered: ["1", "2"], bindingsActive: ["1", "2"], nothingExits: ["1", "2"] }),
    ).toEqual({ ticksDelivered: "nothingExits", bindingsActive: "nothingExits" });
  });

  it("takes none that was not broken in every one of its trials", () => {
    expect(causes({ bindingsActive: ["1", "2"], nothingExits: ["1"] })).toEqual({});
  });

  it("never takes a contract of the same kind, a stop that fails, or one that is not known", () => {
    expect(causes({ 'nothingExits("a")': ["1"], 'nothingExits("b")': ["1"] })).toEqual({});
    expect(causes({ stopsGracefully: ["1"], bindingsActive: ["1"], mine: ["1"] })).toEqual({});
    expect(canFollow('bindingsActive("batch")', 'nothingExits("dapr")')).toBe(true);
  });

  it("believes the judgements where they always name the same reason, and goes back to the first", () => {
    const trials = { mine: ["1", "2"], bindingsActive: ["1", "2"], stopsGracefully: ["1", "2", "3"] };
    expect(causes(trials, { mine: ["bindingsActive"], bindingsActive: ["stopsGracefully"] })).toEqual({
      mine: "stopsGracefully",
      bindingsActive: "stopsGracefully",
    });
    expect(causes(trials, { mine: ["bindingsActive", undefined] })).toEqual({});
  });

  it("does not follow a circle for ever", () => {
    const trials = { mine: ["1"], yours: ["1"] };
    expect(Object.keys(causes(trials, { mine: ["yours"], yours: ["mine"] }))).toEqual(["mine", "yours"]);
  });
});
