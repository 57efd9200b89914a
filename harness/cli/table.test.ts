import { describe, expect, it } from "vitest";
import { formatTable } from "./table.ts";

describe("formatTable", () => {
  it("aligns texts to the left, numbers to the right, and leaves no blanks at the end of a line", () => {
    expect(
      formatTable([
        ["tick", "blob", "bytes"],
        [1, "batch_1.txt", 24],
        [12, "-", "-"],
      ]),
    ).toBe(
      [
        "tick  blob         bytes", //
        "   1  batch_1.txt     24",
        "  12  -            -",
      ].join("\n"),
    );
  });

  it("copes with rows of different lengths and with none", () => {
    expect(formatTable([["a"], ["longer", "b"]])).toBe("a\nlonger  b");
    expect(formatTable([])).toBe("");
  });
});
