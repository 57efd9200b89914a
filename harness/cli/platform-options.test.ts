import { describe, expect, it } from "vitest";
import { wholeFrom } from "./platform-options.ts";

describe("wholeFrom", () => {
  it("takes whole numbers between its bounds", () => {
    expect(["1", "24"].map(wholeFrom(1, 24))).toEqual([1, 24]);
    expect(wholeFrom(0)("999999999")).toBe(999_999_999);
  });

  it.each(["0", "25", "-1", "1.5", "", "two"])("refuses %j, with the bounds", (text) => {
    expect(() => wholeFrom(1, 24)(text)).toThrow("it must be a whole number from 1 to 24.");
  });

  it("has no upper bound where none was given", () => {
    expect(() => wholeFrom(2)("1")).toThrow("it must be a whole number from 2 up.");
  });
});
