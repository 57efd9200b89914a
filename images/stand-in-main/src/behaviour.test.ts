import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StandInFault } from "../../../harness/platform/stand-in/stand-in-protocol.ts";
import { Behaviour } from "./behaviour.ts";

const ROUTE = "/.internal/batch";

/** Told at `toldMs`; listens since `listeningSinceMs`. */
function behaviour(faults: readonly StandInFault[], { toldMs = 0, listeningSinceMs = 50 } = {}): Behaviour {
  const one = new Behaviour();
  one.listeningSinceMs = listeningSinceMs;
  tell(one, faults, toldMs);
  return one;
}

function tell(one: Behaviour, faults: readonly StandInFault[], nowMs: number): void {
  one.follow(
    {
      revision: one.revision + 1,
      routes: [ROUTE],
      faults: faults.map((fault, index) => ({ id: `f${index}`, fault })),
    },
    nowMs,
  );
}

const outcomes = (one: Behaviour, times: number, method = "OPTIONS", nowMs = 100) =>
  Array.from({ length: times }, () => one.next(method, ROUTE, nowMs).outcome);

describe("a main that is well", () => {
  test.each([
    ["OPTIONS", ROUTE, { status: 200 }],
    ["POST", ROUTE, "served"],
    ["POST", "/elsewhere", { status: 200 }],
    ["OPTIONS", "/elsewhere", { status: 404 }],
    ["GET", "/robots933456.txt", { status: 200 }],
    ["GET", "/dapr/config", { status: 404 }],
  ])("answers %s %s", (method, path, outcome) => {
    expect(behaviour([]).next(method, path, 100)).toEqual({ delayMs: 0, outcome });
  });
});

describe("faults", () => {
  test("that decide an answer: the first in force does, and only its own requests count", () => {
    const one = behaviour([
      { kind: "hangs", requests: "options", first: 1 },
      { kind: "status", requests: "all", status: 503, first: 2 },
    ]);
    expect(outcomes(one, 2)).toEqual(["hangs", { status: 503 }]);
    expect(outcomes(one, 2, "POST")).toEqual([{ status: 503 }, "served"]);
    expect(outcomes(one, 1)).toEqual([{ status: 200 }]);
  });

  test("keep their count while others come and go; one that is put in force anew counts anew", () => {
    const once: StandInFault = { kind: "resets", requests: "ticks", first: 1 };
    const one = behaviour([once]);
    expect(outcomes(one, 1, "POST")).toEqual(["reset"]);
    tell(one, [once, { kind: "answers-slowly", requests: "others", delayMs: 5 }], 200);
    expect(outcomes(one, 1, "POST")).toEqual(["served"]);
    tell(one, [], 300);
    tell(one, [once], 400);
    expect(outcomes(one, 1, "POST")).toEqual(["reset"]);
  });

  test("delays add up, each over its own requests", () => {
    const one = behaviour([
      { kind: "answers-slowly", requests: "all", delayMs: 100 },
      { kind: "answers-slowly", requests: "options", delayMs: 3_000, first: 1 },
    ]);
    expect(one.next("OPTIONS", ROUTE, 0).delayMs).toBe(3_100);
    expect(one.next("OPTIONS", ROUTE, 0).delayMs).toBe(100);
    expect(one.next("POST", ROUTE, 0).delayMs).toBe(100);
  });

  test("a late route is 404 from the beginning of listening on, or from when it was put in force", () => {
    fc.assert(
      fc.property(
        fc.nat(5_000),
        fc.nat(5_000),
        fc.nat(5_000),
        fc.nat(20_000),
        (told, since, delayMs, now) => {
          const one = behaviour([{ kind: "route-late", delayMs }], { toldMs: told, listeningSinceMs: since });
          const isLate = now < Math.max(told, since) + delayMs;
          expect(one.next("OPTIONS", ROUTE, now).outcome).toEqual({ status: isLate ? 404 : 200 });
          expect(one.next("POST", ROUTE, now).outcome).toEqual(isLate ? { status: 404 } : "served");
          expect(one.next("GET", "/", now).outcome).toEqual({ status: 200 });
        },
      ),
    );
  });

  test.each<[readonly StandInFault[], Behaviour["listening"]]>([
    [[], { afterStartMs: 0 }],
    [
      [
        { kind: "listens-late", delayMs: 300 },
        { kind: "listens-late", delayMs: 40 },
      ],
      { afterStartMs: 340 },
    ],
    [[{ kind: "listens-late", delayMs: 300 }, { kind: "not-listening" }], "never"],
  ])("%j: listens %j", (faults, listening) => {
    expect(behaviour(faults).listening).toEqual(listening);
  });
});
