import { execa } from "execa";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellWords } from "./shell-words.ts";

describe("a command line to paste", () => {
  it("quotes only what needs it", () => {
    expect(shellWords(["sitecar", "replay", ".sitecar/runs/x#a", "it's mine", ""])).toBe(
      "sitecar replay .sitecar/runs/x#a 'it'\\''s mine' ''",
    );
  });

  it("is taken by a shell as the words it was made of", async () => {
    const word = fc.string({ maxLength: 12, unit: "binary-ascii" }).filter((text) => !text.includes("\0"));
    const words = fc.sample(fc.array(word, { minLength: 1, maxLength: 6 }), { numRuns: 200, seed: 7 });
    const script = words.map((line) => `printf '%s\\0' ${shellWords(line)}; printf '\\0\\0'`).join("\n");
    const { stdout } = await execa("sh", ["-s"], { input: script, stripFinalNewline: false });
    expect(stdout).toBe(words.map((line) => `${line.join("\0")}\0\0\0`).join(""));
  });
});
