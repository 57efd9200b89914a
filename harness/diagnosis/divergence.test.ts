import { describe, expect, it } from "vitest";

import { divergenceOf, formatDivergence } from "./divergence.ts";
import { exited, opened, runRecord, tick } from "./test-support/record.ts";

describe("divergenceOf", () => {
  it("finds none between a run and itself, nor where times differ a little", () => {
    expect(divergenceOf(runRecord(), runRecord())).toBeUndefined();
    const later = runRecord({
      without: ({ type }) => type === "tick",
      events: [tick(2900, 1), tick(3900, 2), tick(4900, 3)],
    });
    expect(divergenceOf(runRecord(), later)).toBeUndefined();
  });

  it("passes over ports that the kernel chooses", () => {
    expect(
      divergenceOf(
        runRecord({ events: [opened(1250, 47_963)] }),
        runRecord({ events: [opened(1250, 51_111)] }),
      ),
    ).toBeUndefined();
  });

  it("finds what happens in the failing run alone", () => {
    const divergence = divergenceOf(runRecord(), runRecord({ events: [exited(6200, "dapr", 1)] }));
    expect(divergence?.first).toBe("dapr exited (1) at +5.30 s, which does not happen where it holds");
  });

  it("finds what fails to happen", () => {
    const failed = runRecord({ without: (event) => event.type === "tick" });
    expect(divergenceOf(runRecord(), failed)?.first).toBe(
      "no tick of batch ok, which happens at +1.60 s where it holds",
    );
  });

  it("finds what happens much later", () => {
    const failed = runRecord({
      without: (event) => event.type === "port.opened" && event.port === 9000,
      events: [opened(9000, 9000)],
    });
    expect(divergenceOf(runRecord(), failed)?.first).toBe("port 9000 open at +8.10 s instead of +0.50 s");
  });

  it("takes the first of several differences, whatever comes after", () => {
    const failed = runRecord({
      without: (event) => event.type === "tick",
      events: [exited(1250, "dapr", 1)],
    });
    expect(divergenceOf(runRecord(), failed)?.first).toMatch(/^dapr exited/);
  });

  it("is printed in a dozen lines, side by side", () => {
    const divergence = divergenceOf(
      runRecord(),
      runRecord({ without: (event) => event.type === "tick", events: [exited(1250, "dapr", 1)] }),
    );
    const lines = divergence === undefined ? [] : formatDivergence(divergence);
    expect(lines.length).toBeLessThanOrEqual(15);
    expect(lines.filter((line) => line.includes("≠")).length).toBeGreaterThan(0);
    expect(lines.find((line) => line.startsWith("  -"))).toMatch(
      /^ {2}- +≠ +\+0\.35 s {2}dapr exited \(1\)$/,
    );
  });
});
