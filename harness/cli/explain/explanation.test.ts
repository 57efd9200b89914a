import { describe, expect, it } from "vitest";

import type { Contract, Judgement } from "../../contracts/contract.ts";
import { divergenceOf } from "../../diagnosis/divergence.ts";
import { daprd, exited, runRecord } from "../../diagnosis/test-support/record.ts";
import type { FailingClass } from "../../lab/exploration.ts";
import { explain, type Explanation } from "./explanation.ts";
import { formatExplanation, formatTrial } from "./print-explanation.ts";
import { exitCode } from "./run-explain.ts";
import { judge, ofSeveral, runsToProve, type RemedyTrial } from "./try-remedies.ts";

const FATAL =
  "Fatal error from runtime: failed to listen on 0.0.0.0:9090: listen tcp 0.0.0.0:9090: bind: address already in use";
/** daprd found its metrics port taken. */
const RECORD = runRecord({
  without: (event) => event.type === "container.exited" && event.container === "dapr",
  events: [exited(1300, "dapr", 1)],
  lines: [daprd(1290, "fatal", FATAL)],
});

const EXITS: Judgement = {
  contract: 'nothingExits("dapr")',
  verdict: "broken",
  evidence: ["dapr exited"],
  symptom: 'container "dapr" exits (1)',
};
const STARTS: Judgement = {
  contract: "siteStarts",
  verdict: "broken",
  evidence: [],
  symptom: "cancelled",
  because: EXITS.contract,
};
const STRANGE: Judgement = {
  contract: "ofMyOwn",
  verdict: "broken",
  evidence: ["blob too large"],
  symptom: "too large",
};
const HELD: Judgement = { contract: "ofMyOwn", verdict: "held", evidence: [] };
const UNKNOWN: Judgement = { contract: "recovers", verdict: "unknown", evidence: ["not seen"] };

function saying(...judgements: readonly Judgement[]): readonly Contract[] {
  return [{ name: "said", promise: "…", judge: () => judgements }];
}

async function explained(record: typeof RECORD, ...judgements: readonly Judgement[]): Promise<Explanation> {
  return await explain(record, saying(...judgements), { diverge: () => Promise.resolve(undefined) });
}

function trial(cause: string, result: RemedyTrial["result"]): RemedyTrial {
  return {
    cause,
    rule: "r",
    remedy: "do it",
    changes: ["dapr: daprd --metrics-port 9091"],
    result,
    detail: ["seen this"],
    newlyBroken: [],
    runs: 1,
  };
}

describe("explain", () => {
  it("tells a cause once, with all that it broke", async () => {
    const { causes, unexplained } = await explained(RECORD, EXITS, STARTS);
    expect(causes.map(({ diagnosis, breaks }) => [diagnosis.rule, breaks.length])).toEqual([
      ["metrics-port-taken", 2],
    ]);
    expect(unexplained).toEqual([]);
  });

  it("says where no rule fits, and shows where the run leaves one that holds", async () => {
    const explanation = await explain(
      runRecord({ without: ({ type }) => type === "tick" }),
      saying(STRANGE),
      {
        diverge: () =>
          Promise.resolve(divergenceOf(runRecord(), runRecord({ without: ({ type }) => type === "tick" }))),
      },
    );
    expect(explanation.causes).toEqual([]);
    const text = formatExplanation(explanation);
    expect(text).toMatch(/ofMyOwn: too large[^]*no rule knows it[^]*first difference: no tick of batch ok/);
  });

  it("leaves to its cause what follows from another broken promise", async () => {
    const { unexplained } = await explained(runRecord(), EXITS, STARTS);
    expect(unexplained.map(({ judgement }) => judgement.contract)).toEqual([EXITS.contract]);
  });

  it("looks at one class only where one is named", async () => {
    const failing = { contract: STRANGE.contract, symptom: "too large" } as FailingClass;
    const { broken } = await explain(RECORD, saying(EXITS, STRANGE), {
      failing,
      diverge: () => Promise.resolve(undefined),
    });
    expect(broken).toEqual([STRANGE]);
  });

  it("prints cause, evidence, source and remedies", async () => {
    const text = formatExplanation(await explained(RECORD, EXITS));
    expect(text).toMatch(
      /metrics port 9090 was taken[^]*breaks[^]*nothingExits[^]*evidence[^]*\+1\.29 s log of dapr: fatal: [^]*source[^]*rule metrics-port-taken[^]*Fix: +start daprd with --metrics-port 9091 \[can be tried\]/,
    );
  });
});

describe("the verdict on a remedy", () => {
  it.each<[string, readonly Judgement[], string | undefined, RemedyTrial["result"]]>([
    ["what was broken holds", [{ ...EXITS, verdict: "held" }], undefined, "proved"],
    ["it is still broken", [EXITS], undefined, "still-broken"],
    ["it is broken in another way", [{ ...EXITS, symptom: "exits (2)" }], undefined, "still-broken"],
    ["something else is broken now", [{ ...EXITS, verdict: "held" }, STRANGE], undefined, "partly"],
    ["it could not be judged", [{ ...EXITS, verdict: "unknown" }], undefined, "unknown"],
    ["it was not judged at all", [HELD], undefined, "unknown"],
    ["the machine was too busy", [{ ...EXITS, verdict: "held" }], "too busy", "unknown"],
  ])("when %s", (_, judgements, reason, result) => {
    const outcome = { judgements, ...(reason === undefined ? {} : { reason }) };
    expect(judge(outcome, [EXITS], [EXITS]).result).toBe(result);
  });

  it("does not hold against a remedy what was broken before", () => {
    expect(
      judge({ judgements: [{ ...EXITS, verdict: "held" }, STRANGE] }, [EXITS], [EXITS, STRANGE]).result,
    ).toBe("proved");
  });

  it.each(["proved", "partly", "still-broken", "unknown", "not-applicable"] as const)(
    "prints %s",
    (result) => {
      expect(formatTrial(trial("c", result))).toMatch(/metrics-port 9091[^]*seen this/);
    },
  );
});

describe("the exit code", () => {
  it("is 0 when nothing is broken, 2 when that is not known", async () => {
    expect(exitCode(await explained(runRecord(), HELD), [])).toBe(0);
    expect(exitCode(await explained(runRecord(), HELD, UNKNOWN), [])).toBe(2);
  });

  it("is 1 when something is broken, tried or not", async () => {
    const explanation = await explained(RECORD, EXITS, STARTS);
    expect(exitCode(explanation, [])).toBe(1);
    const cause = explanation.causes[0]?.diagnosis.cause ?? "";
    expect(exitCode(explanation, [trial(cause, "still-broken")])).toBe(1);
    expect(exitCode(explanation, [trial(cause, "partly")])).toBe(1);
    expect(exitCode(explanation, [trial("another", "proved")])).toBe(1);
  });

  it("is 0 when the remedy proved itself, for what follows from it, too", async () => {
    const explanation = await explained(RECORD, EXITS, STARTS);
    expect(exitCode(explanation, [trial(explanation.causes[0]?.diagnosis.cause ?? "", "proved")])).toBe(0);
  });

  it("is 1 when one thing is cured and another has no cause", async () => {
    const explanation = await explained(runRecord(), EXITS, STRANGE);
    expect(exitCode(explanation, [trial("x", "proved")])).toBe(1);
  });

  it("is 2 when no trial could be judged", async () => {
    const explanation = await explained(RECORD, EXITS);
    const cause = explanation.causes[0]?.diagnosis.cause ?? "";
    expect(exitCode(explanation, [trial(cause, "unknown"), trial(cause, "not-applicable")])).toBe(2);
  });
});

const repeats = (broken: number, runs: number) => ({ broken, runs, interval: [0, 1] as const });
/** Runs end with these, one after the other. */
const of = async (wanted: number, ...results: readonly RemedyTrial["result"][]) => {
  let run = 0;
  const seen = await ofSeveral(wanted, () => Promise.resolve({ result: results[run++] ?? "proved" }));
  return { ...seen, began: run };
};

describe("a remedy for what does not break each time", () => {
  it("is tried so often that luck is unlikely; once for what breaks each time", () => {
    expect(runsToProve(undefined)).toBe(1);
    expect(runsToProve(repeats(20, 20))).toBe(1);
    // 0.5 to the fifth is the first below 0.05.
    expect(runsToProve(repeats(10, 20))).toBe(5);
    expect(runsToProve(repeats(19, 20))).toBe(2);
    expect(runsToProve(repeats(0, 6))).toBe(20);
  });

  it("counts as what was seen at worst; what says nothing is run again, and not without end", async () => {
    expect(await of(3, "proved", "still-broken", "partly")).toEqual({
      result: "still-broken",
      runs: 3,
      began: 3,
    });
    expect(await of(2, "proved", "unknown", "unknown")).toEqual({ result: "proved", runs: 2, began: 4 });
    expect(await of(2, "unknown", "still-broken")).toEqual({ result: "still-broken", runs: 1, began: 2 });
    expect(await of(1, "unknown", "unknown", "unknown")).toEqual({ result: "unknown", runs: 3, began: 3 });
  });

  it("is printed with its runs", () => {
    expect(formatTrial({ ...trial("c", "proved"), runs: 5 })).toContain("(5 of 5 runs)");
    expect(formatTrial(trial("c", "proved"))).not.toContain("runs)");
  });
});
