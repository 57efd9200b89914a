import { describe, expect, test } from "vitest";

import type { Judgement } from "../contract.ts";
import { checked } from "../test-support/checked.ts";
import { run } from "../test-support/judged.ts";
import { at, exited, started, type Moment } from "../test-support/moments.ts";
import { exchanged, posts, tapped } from "../test-support/wire.ts";
import { respondsWithin, type RespondsWithinOptions } from "./responds-within.ts";

const PATH = "/.internal/**";

/** Five answers after 20 ms, and what else is on the wire. */
function judge(options: RespondsWithinOptions, moments: readonly Moment[] = []): Judgement | undefined {
  const record = run([], { moments: [...tapped(), ...posts([3000, 3100, 3200, 3300, 3400]), ...moments] });
  return checked([respondsWithin(PATH, options)], record)[0];
}

const late = exchanged({ id: 50, startMs: 4000, latencyMs: 700 });

function open(startMs: number): Moment {
  return exchanged({ id: 50, startMs, latencyMs: null });
}

describe("respondsWithin", () => {
  test("holds, with its figures", () => {
    expect(judge({ mostMs: 500, p99Ms: 100 })).toMatchObject({
      contract: 'respondsWithin("/.internal/**")',
      verdict: "held",
      evidence: [
        "5 requests, 0 without an answer",
        "answered after mean 20, p50 20, p90 20, p99 20, at most 20 ms",
      ],
      figures: [{ requests: 5, unanswered: 0, timeMs: { most: 20 } }],
    });
  });

  test("one that is late breaks what is held to the most, and not the median", () => {
    expect(judge({ mostMs: 500 }, [late])).toMatchObject({
      verdict: "broken",
      symptom: "requests to /.internal/** are answered late",
      evidence: ["at most 700 ms, held to 500 ms", expect.anything(), expect.anything()],
    });
    expect(judge({ p50Ms: 500 }, [late])).toMatchObject({ verdict: "held" });
    expect(judge({ p99Ms: 500 }, [late])).toMatchObject({ verdict: "broken" });
    expect(judge({ p90Ms: 500 }, [late])).toMatchObject({ verdict: "broken" });
    expect(judge({ meanMs: 100 }, [late])).toMatchObject({ verdict: "broken" });
  });

  test("one without an answer", () => {
    const reset = exchanged({ id: 50, startMs: 4000, end: { how: "reset", by: "to" } });
    expect(judge({}, [reset])).toMatchObject({
      verdict: "broken",
      symptom: "requests to /.internal/** get no answer",
      evidence: ["POST /.internal/batch at +4.00 s: reset by main", expect.anything(), expect.anything()],
    });
    expect(judge({ mostMs: 500 }, [open(4000)])).toMatchObject({ verdict: "broken" });
    expect(judge({ mostMs: 500 }, [open(7900)])).toMatchObject({ verdict: "held" });
  });

  test("only the requests that it is about", () => {
    const other = exchanged({
      id: 50,
      startMs: 4000,
      latencyMs: 700,
      method: "GET",
      from: "main",
      to: "dapr",
    });
    expect(judge({ mostMs: 500 }, [other])).toMatchObject({ verdict: "broken" });
    expect(judge({ mostMs: 500, method: "post" }, [other])).toMatchObject({
      contract: 'respondsWithin("POST /.internal/**")',
      verdict: "held",
    });
    expect(judge({ mostMs: 500, from: "dapr" }, [other])).toMatchObject({ verdict: "held" });
    expect(judge({ mostMs: 500, to: "main" }, [other])).toMatchObject({ verdict: "held" });
    expect(
      judge({ mostMs: 500 }, [exchanged({ id: 50, startMs: 4000, latencyMs: 700, path: "/slow" })]),
    ).toMatchObject({
      verdict: "held",
    });
  });

  test("what an outage met is not counted", () => {
    const outage = [
      exited(3900, "main", { exitCode: 137, asked: true }),
      started(5000, "main"),
      at(5500, { type: "port.opened", port: 9000, address: "0.0.0.0", container: "main" }),
    ];
    const reset = exchanged({ id: 50, startMs: 3800, end: { how: "reset", by: "to" }, latencyMs: 100 });
    expect(judge({}, [reset])).toMatchObject({ verdict: "broken" });
    expect(judge({}, [reset, ...outage])).toMatchObject({ verdict: "held" });
  });

  test("without a tap, and without such a request, it is unknown", () => {
    expect(checked([respondsWithin(PATH, { mostMs: 1 })], run([]))).toMatchObject([
      { verdict: "unknown", remedy: expect.stringContaining("--tap") },
    ]);
    expect(judge({ method: "PUT", mostMs: 1 })).toMatchObject({
      verdict: "unknown",
      evidence: ["no request to /.internal/** was seen"],
    });
  });
});
