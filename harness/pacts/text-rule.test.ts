import * as fc from "fast-check";
import { expect, it } from "vitest";
import { satisfies } from "./match-value.ts";
import { templateOf, textRule } from "./text-rule.ts";

it.each([
  ["2026-11-23 11:19:27.954347746 +0000 UTC", "2027-01-01 00:00:00 +0000 UTC", "2027-01-01T00:00:00Z"],
  ["at 2026-11-23T11:19:27.954Z.", "at 2025-01-01T00:00:00+01:00.", "at 11:19."],
  ["batch_1795453055972.txt", "batch_1895453055972.txt", "batch_17954530559720.txt"],
  ["id 7a9f2d0c-1b7a-4a3e-9c1d-2f3a4b5c6d7e", "id 00000000-0000-0000-0000-000000000000", "id 7a9f2d0c"],
  ["http://127.0.0.1:3500/v1.0", "http://127.0.0.1:40123/v1.0", "http://127.0.0.1/v1.0"],
  ["Mon, 23 Nov 2026 11:00:00 GMT", "Tue, 24 Nov 2026 11:00:01 GMT", "Nov 23"],
])("states %j so that %j fits and %j does not", (sample, fits, not) => {
  const rule = textRule([sample]);
  const test = (text: string): boolean | undefined => rule && satisfies(rule, sample, text);
  expect([test(sample), test(fits), test(not)]).toEqual([true, true, false]);
});

it("states exactly what does not vary, whatever characters it has", () => {
  expect(textRule(["a (b) [c] 1.0*", "a (b) [c] 1.0*"])).toBeUndefined();
});

it("states by its kind alone what varies in a way that is not known", () => {
  expect(textRule(["red", "blue"])?.matchers).toEqual([{ match: "type" }]);
});

it("makes of any text an expression that fits it, and nothing that is longer", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const expression = new RegExp(`^(?:${templateOf(text)})$`);
      expect([expression.test(text), expression.test(`${text}.`)]).toEqual([true, false]);
    }),
  );
});
