import * as fc from "fast-check";
import { expect, test } from "vitest";
import { unquote } from "./unquote.ts";

test("what JSON writes of a text, is unquoted to the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(unquote(Buffer.from(JSON.stringify(text))).toString("utf8")).toBe(text);
    }),
  );
});

test.each([
  "plain",
  "",
  '"',
  `"'`,
  '"a"b"',
  `"a\nb"`,
  String.raw`"\q"`,
  String.raw`"\'"`,
  "'ab'",
  "''",
  "`a`b`",
  String.raw`"\ud800"`,
])("%j is no literal of Go's, and stays as it is", (text) => {
  expect(unquote(Buffer.from(text)).toString("utf8")).toBe(text);
});

test.each([
  ["'a'", "a"],
  ["'é'", "é"],
  [String.raw`'\''`, "'"],
  ["`a\\n`", "a\\n"],
  [String.raw`"\x41\101\u00e9\U0001F600"`, "AAé😀"],
])("%s is %s", (literal, text) => {
  expect(unquote(Buffer.from(literal)).toString("utf8")).toBe(text);
});

test("bytes stay as they are; in quotes they are not covered", () => {
  expect(unquote(Buffer.from([0xff, 0xfe]))).toEqual(Buffer.from([0xff, 0xfe]));
  expect(() => unquote(Buffer.from([0x22, 0xff, 0x22]))).toThrow(/TWIN_NOT_COVERED/);
});
