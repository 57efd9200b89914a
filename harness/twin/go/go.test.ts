import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64 } from "./base64.ts";
import { decodeJson, STRING, structOf } from "./decode-json.ts";
import { marshalJson, RawJson, toAny } from "./marshal-json.ts";
import { parseJson } from "./parse-json.ts";
import { cleanPath, pathEscape, queryUnescape } from "./path.ts";
import { rfc3339, timeString } from "./time.ts";

const marshalled = (text: string): string => marshalJson(toAny(parseJson(Buffer.from(text))));

function accepted(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

describe("JSON", () => {
  test("what is read and marshalled again is the same value, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(marshalled(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("marshalling again changes nothing more", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = marshalled(JSON.stringify(value));
        expect(marshalled(once)).toBe(once);
      }),
    );
  });

  test("what JSON.parse takes is taken", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary-ascii", maxLength: 12 })), (text) => {
        // Go's decoder stops behind the value, so it takes all that JSON.parse takes, and more.
        expect([
          text,
          accepted(() => JSON.parse(text)) && !accepted(() => parseJson(Buffer.from(text))),
        ]).toEqual([text, false]);
      }),
    );
  });

  test("a struct's fields stand in their order, a map's by their bytes", () => {
    expect(
      marshalJson({
        b: 1,
        a: undefined,
        c: new Map([
          ["z", 1],
          ["\u{1F600}", 2],
          ["\uFFFF", 3],
        ]),
      }),
    ).toBe('{"b":1,"c":{"z":1,"\uFFFF":3,"\u{1F600}":2}}');
    expect(marshalJson([new RawJson('{"b":1}')])).toBe('[{"b":1}]');
  });

  test("nested too deep, and bytes that are no text, are not covered instead of guessed", () => {
    const deep = "[".repeat(1001);
    expect(() => parseJson(Buffer.from(deep))).toThrow(/TWIN_NOT_COVERED.*1000 deep/);
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(/TWIN_NOT_COVERED.*no UTF-8/);
  });

  test("decoding goes on after a fault and tells the first", () => {
    const type = { kind: "struct", name: "a.Shape", fields: { one: STRING, two: STRING } } as const;
    expect(() => decodeJson(parseJson(Buffer.from('{"one":1,"two":2}')), type)).toThrow(
      "Shape.one of type string",
    );
    expect(structOf(decodeJson(parseJson(Buffer.from('{"ONE":"x","other":1,"two":null}')), type))).toEqual({
      one: "x",
    });
  });
});

test("base64 that Node made is read back", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBase64(Buffer.from(Buffer.from(bytes).toString("base64")))).toEqual(Buffer.from(bytes));
    }),
  );
});

test.each([
  ["/a//b/./c/../d", "/a/b/d"],
  ["/..", "/"],
  ["a/../..", ".."],
  ["", "."],
  ["//dbl//x/../y", "/dbl/y"],
  ["/trail/", "/trail"],
])("path.Clean(%s) is %s", (path, cleaned) => {
  expect(cleanPath(path)).toBe(cleaned);
});

test("a path's part that was escaped is unescaped to itself", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(queryUnescape(pathEscape(text).replaceAll("+", "%2B"))).toBe(text);
    }),
  );
  expect(queryUnescape("a+b")).toBe("a b");
  expect(queryUnescape("%zz")).toBeUndefined();
});

test.each([
  [1_795_432_767_954_347_746n, "2026-11-23 11:19:27.954347746 +0000 UTC"],
  [1_795_432_767_954_300_000n, "2026-11-23 11:19:27.9543 +0000 UTC"],
  [1_795_432_767_000_000_000n, "2026-11-23 11:19:27 +0000 UTC"],
])("Go writes %s as %s", (nanoseconds, text) => {
  expect(timeString(nanoseconds)).toBe(text);
});

test("RFC 3339 has no fraction", () => {
  expect(rfc3339(new Date("2026-11-23T11:19:27.954Z"))).toBe("2026-11-23T11:19:27Z");
});
