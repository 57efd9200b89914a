import { describe, expect, it } from "vitest";

import { valueOf } from "./test-support/evaluate.ts";

describe("texts that are no expressions", () => {
  it.each([
    ["[[literal]", "[literal]"],
    ["[[not closed", "[[not closed"],
    ["[not closed", "[not closed"],
    ["closed]", "closed]"],
    [" [concat('a')]", " [concat('a')]"],
    ["", ""],
  ])("%s is %s", (text, expected) => {
    expect(valueOf(text)).toBe(expected);
  });

  it.each([
    ["[]", "a function, a text or a number wanted at position 2, found its end"],
    ["[concat('a',)]", 'a function, a text or a number wanted at position 13, found ")"'],
    ["[concat('a' 'b')]", '"," or ")" wanted'],
    ["[concat('a']", '"," or ")" wanted'],
    ["[concat]", '"(" after concat wanted'],
    ["[concat('a') 'b']", "an operator or the end wanted"],
    ["[concat('a)]", "can't be read from position 9 on"],
    ["[variables('x').]", "the name of a property wanted"],
    ["[a.b.c]", '"(" after a.b.c wanted'],
  ])("%s can't be read", (text, expected) => {
    expect(valueOf(text)).toContain(expected);
  });
});
