import { expect, it } from "vitest";
import { spansOf } from "./trial-spans.ts";

it("keeps the engine for each group of starts, from its first call on, and for steps that have a time", () => {
  const spans = spansOf({
    starts: [
      { container: "main", atMs: 0 },
      { container: "dapr", atMs: 0 },
      { container: "proxy", atMs: 2_000 },
      { container: "late", atMs: null },
    ],
    steps: [
      { when: { atMs: 3_000 }, do: "kill", container: "dapr" },
      {
        when: { atMs: 4_000 },
        until: { after: { seen: "tick" } },
        inject: { fault: "identity-slow", delayMs: 1 },
      },
      { when: { after: { seen: "app-found" } }, do: "pause", container: "dapr" },
    ],
  });
  expect(spans).toHaveLength(4);
  const [together, alone, kill, fault] = spans;
  // Each holds its moment, and two starts take longer than one.
  for (const [span, atMs] of [
    [together, 0],
    [alone, 2_000],
    [kill, 3_000],
    [fault, 4_000],
  ] as const) {
    expect(span?.fromMs).toBeLessThan(atMs);
    expect(span?.toMs).toBeGreaterThan(atMs);
  }
  const length = (span: (typeof spans)[number] | undefined): number =>
    (span?.toMs ?? 0) - (span?.fromMs ?? 0);
  expect(length(together) - length(alone)).toBe(100);
});

it("keeps it longer where several workers run the schedule", () => {
  const [span] = spansOf({ starts: [{ container: "main", atMs: 0 }] }, 3);
  const [alone] = spansOf({ starts: [{ container: "main", atMs: 0 }] });
  expect((span?.toMs ?? 0) - (alone?.toMs ?? 0)).toBe(350);
});
