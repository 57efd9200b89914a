import { expect, test } from "vitest";
import { virtualTimeOf } from "./up-virtual-time.ts";

test("there is no virtual time unless it is asked for", () => {
  expect(virtualTimeOf({})).toBeUndefined();
  expect(virtualTimeOf({ untilTicks: 3 })).toBeUndefined();
  expect(virtualTimeOf({ virtualTime: true, untilTicks: 3 })).toEqual({});
  expect(virtualTimeOf({ virtualTime: "2026-03-28T00:00:00Z", advance: "24h" })).toEqual({
    from: "2026-03-28T00:00:00Z",
  });
});

test.each([
  ["--advance without it", { advance: "24h" }, "--advance"],
  ["--most-ticks without it", { mostTicks: 5 }, "--most-ticks"],
  ["two ends", { virtualTime: true, advance: "24h", untilTicks: 3 }, "--until-ticks"],
  ["a beginning that is none", { virtualTime: "fixtures/sites/example" }, "fixtures/sites/example"],
] as const)("%s is wrong usage", (_, options, named) => {
  expect(() => virtualTimeOf(options)).toThrow(named);
  expect(() => virtualTimeOf(options)).toThrow(/^USAGE/);
});
