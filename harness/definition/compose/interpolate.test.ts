import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { interpolate } from "./interpolate.ts";

const VARIABLES = new Map([
  ["A", "x"],
  ["EMPTY", ""],
]);
const lookUp = (name: string): string | undefined => VARIABLES.get(name);

describe("interpolate", () => {
  it.each([
    ["$A and ${A}", "x and x"],
    ["$$A", "$A"],
    ["${A:-d}${EMPTY:-d}${NONE:-d}", "xdd"],
    ["${A-d}${EMPTY-d}${NONE-d}", "xd"],
    ["${A:+r}${EMPTY:+r}${NONE:+r}", "r"],
    ["${A+r}${EMPTY+r}${NONE+r}", "rr"],
    ["${NONE:-${A}-${NONE:-z}}", "x-z"],
    ["${A:?why}", "x"],
    ["${WEBAPP_STORAGE_HOME}/x $WEBAPP_STORAGE_HOME", "${WEBAPP_STORAGE_HOME}/x $WEBAPP_STORAGE_HOME"],
  ])("of %j is %j", (text, expected) => {
    expect(interpolate(text, lookUp)).toMatchObject({ text: expected, unset: [] });
  });

  it("takes a variable that is not set as empty, and says which", () => {
    expect(interpolate("[$NONE${OTHER}]", lookUp)).toEqual({ text: "[]", unset: ["NONE", "OTHER"] });
  });

  it.each([
    ["${NONE:?no way}", "requires the variable NONE: no way"],
    ["${EMPTY:?}", "requires the variable EMPTY: it is not set"],
    ["${A", 'has a "${" that is not closed'],
    ["${1}", 'has "${1}", which is no variable'],
    ["100$", 'has a "$" that begins no variable at character 4'],
  ])("refuses %j", (text, fault) => {
    expect(interpolate(text, lookUp)).toEqual({ fault });
  });

  it("changes no text without a dollar, and gives a text or a fault for every other", () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom("$", "{", "}", "A", ":-", "?", "x")).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (any) => {
        const outcome = interpolate(any, lookUp);
        if (!any.includes("$")) expect(outcome).toEqual({ text: any, unset: [] });
        expect("text" in outcome || "fault" in outcome).toBe(true);
      }),
    );
  });
});
