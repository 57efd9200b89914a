import { describe, expect, it } from "vitest";

import { parseDuration } from "./duration.ts";

describe("parseDuration", () => {
  it.each([
    ["800ms", 800],
    ["12s", 12_000],
    ["1.5s", 1500],
    ["2m", 120_000],
    [" 3s ", 3000],
    ["0", 0],
    ["0s", 0],
    ["0.1ms", 0],
  ])("%j is %d ms", (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });

  it.each(["", "12", "s", "-1s", "1h", "1e3s", "1 s", "1s2", "99999999999s"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
