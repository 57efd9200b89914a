import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { linuxName } from "./environment.ts";

describe("linuxName (A4.3)", () => {
  it.each([
    ["ConnectionStrings:Main", "ConnectionStrings__Main"],
    ["Logging.Level", "Logging_Level"],
    ["a-b c/d$é", "abcd"],
    ["A1_b", "A1_b"],
    ["%-%", ""],
  ])("of %j is %j", (name, expected) => {
    expect(linuxName(name)).toBe(expected);
  });

  // Making the table of all characters takes its time on a machine that is busy with containers.
  it("holds only letters, digits and underscores, and is its own Linux name", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(linuxName(name)).toMatch(/^[A-Za-z0-9_]*$/);
        expect(linuxName(linuxName(name))).toBe(linuxName(name));
      }),
    );
  });
});
