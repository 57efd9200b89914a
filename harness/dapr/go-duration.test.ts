import { expect, test } from "vitest";
import { parseGoDuration } from "./go-duration.ts";

test.each([
  ["10s", 10_000],
  ["1h15m30.5s", 4_530_500],
  ["100ms", 100],
  ["1us", 0.001],
  ["2µs", 0.002],
  ["5ns", 0.000005],
  [".5s", 500],
  ["1.s", 1000],
  ["-1s", -1000],
  ["+1m", 60_000],
  ["0", 0],
  ["0s", 0],
])("%s is %d ms", (text, expected) => {
  expect(parseGoDuration(text)).toBeCloseTo(expected, 9);
});

test.each(["", "-", "10", "s", "1 s", "1d", "1s ", "1,5s", ".s", "1s2", "--1s"])("%j is refused", (text) => {
  expect(parseGoDuration(text)).toBeUndefined();
});
