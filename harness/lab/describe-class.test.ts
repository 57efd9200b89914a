import { describe, expect, it } from "vitest";

import { describeClass, describeThreshold } from "./describe-class.ts";
import type { FailingClass } from "./exploration.ts";
import { starts } from "./test-support/asking.ts";

const CLASS: FailingClass = {
  key: 'bindingsActive: binding "batch" never active',
  contract: "bindingsActive",
  symptom: 'binding "batch" never active',
  points: 12,
  smallest: starts({ main: 0, dapr: 0 }),
  evidence: [],
  judgement: "order-determined",
  repeats: { runs: 20, broken: 20, interval: [0.83, 1] },
  diagnoses: [],
  runDirectory: "",
  scheduleFile: "",
  replayCommand: "",
};

describe("describeClass", () => {
  it("is one line with the threshold, both sides and the share", () => {
    const threshold = { what: "main answers OPTIONS later than", holdsMs: 2930, breaksMs: 3040 };
    expect(describeClass({ ...CLASS, threshold })).toBe(
      'broken: binding "batch" never active ⇐ main answers OPTIONS later than 3.0 s (2.93 s holds, 3.04 s breaks; 20/20)',
    );
  });

  it("names the order where there is no number, and what is done", () => {
    const smallest = {
      ...starts({ dapr: 0, main: 0, storage: 7000 }),
      steps: [{ when: { after: { seen: "site-ready" } }, do: "kill", container: "dapr" }],
    } as const;
    expect(describeClass({ ...CLASS, smallest })).toBe(
      `broken: binding "batch" never active ⇐ dapr, then main, then storage 7.0 s later; dapr killed at the site's being ready (20/20)`,
    );
  });

  it("says a race's share and how sure it is", () => {
    const repeats = { runs: 20, broken: 10, interval: [0.272, 0.728] } as const;
    expect(describeClass({ ...CLASS, judgement: "race", repeats })).toBe(
      'broken: binding "batch" never active ⇐ a race: main, then dapr breaks it in 10/20 runs (95 % interval 27–73 %)',
    );
  });

  it("does not call for sure a race what broke in no repeat", () => {
    const repeats = { runs: 20, broken: 0, interval: [0, 0.168] } as const;
    expect(describeClass({ ...CLASS, judgement: "race", repeats })).toBe(
      'broken: binding "batch" never active ⇐ a rare race, or none of the site\'s: main, then dapr broke it before, and in 0/20 repeats (95 % interval 0–17 %)',
    );
  });

  it("says when it is always so, and when it was not repeated often enough", () => {
    expect(describeClass({ ...CLASS, judgement: "always" })).toMatch(
      /⇐ always, in the plainest start too \(20\/20\)$/,
    );
    const repeats = { runs: 3, broken: 3, interval: [0.29, 1] } as const;
    expect(describeClass({ ...CLASS, judgement: "unknown", repeats })).toMatch(
      /⇐ main, then dapr \(not repeated often enough to judge: 3\/3\)$/,
    );
  });
});

describe("describeThreshold", () => {
  it.each([
    [
      { what: "main starts later than dapr by", holdsMs: 2950, breaksMs: 3050 },
      "main starts later than dapr by more than 3.0 s",
    ],
    [
      { what: "main starts later than dapr by", holdsMs: 3050, breaksMs: 2950 },
      "main starts later than dapr by less than 3.0 s",
    ],
    [
      { what: "storage status for more than the first", unit: "requests", holdsMs: 3, breaksMs: 4 },
      "storage status for more than the first 3 requests",
    ],
  ])("%j", (threshold, text) => {
    expect(describeThreshold(threshold)).toBe(text);
  });
});
