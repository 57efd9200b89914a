import * as fc from "fast-check";
import { expect, test } from "vitest";
import { laterBy } from "./time-span.ts";

const from = new Date("2026-01-31T22:00:00.000Z");

test.each([
  ["24h", "2026-02-01T22:00:00.000Z"],
  ["1h30m", "2026-01-31T23:30:00.000Z"],
  ["250ms", "2026-01-31T22:00:00.250Z"],
  ["-1h", "2026-01-31T21:00:00.000Z"],
  ["P1D", "2026-02-01T22:00:00.000Z"],
  ["P2W", "2026-02-14T22:00:00.000Z"],
  ["PT90S", "2026-01-31T22:01:30.000Z"],
  ["PT0.5S", "2026-01-31T22:00:00.500Z"],
  // The last day of a shorter month.
  ["P1M", "2026-02-28T22:00:00.000Z"],
  ["P1Y1M", "2027-02-28T22:00:00.000Z"],
  ["P25M", "2028-02-29T22:00:00.000Z"],
  ["P1M1DT3H", "2026-03-02T01:00:00.000Z"],
])("%s later", (span, expected) => {
  expect(laterBy(from, span)?.toISOString()).toBe(expected);
});

test.each(["", "P", "PT", "P1DT", "1d", "24", "P1H", "PT1D", "P-1D", "P1.5D", "a day"])(
  "%j is no span",
  (span) => {
    expect(laterBy(from, span)).toBeUndefined();
  },
);

test("any text is a time or none, never an exception", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^P?[0-9YMWDTHS.]{0,12}$/)), (text) => {
      const later = laterBy(from, text);
      expect(later === undefined || later instanceof Date).toBe(true);
    }),
  );
});
