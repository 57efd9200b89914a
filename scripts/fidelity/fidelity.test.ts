import { describe, expect, it } from "vitest";
import { readFacts, type Fact, type Section } from "./facts.ts";
import { FACT_IDS, problemsOf, titlesOf } from "./problems.ts";
import { summary, withTables } from "./tables.ts";

const SHOWN: Fact = {
  id: "A1.1",
  fact: "`image`",
  here: "emulated",
  how: "",
  source: "D",
  tests: [{ file: "a.test.ts", title: "an image" }],
};
const OPEN: Fact = { id: "A1.2", fact: "`isMain`", here: "not", how: "", source: "S/G", tests: [] };
const IDS = ["A1.1", "A1.2"];
const FILES: Readonly<Record<string, string>> = { "a.test.ts": 'test("an image", () => {});' };

function of(...facts: readonly Fact[]): readonly Section[] {
  return [{ title: "1. Resource", facts }];
}

async function problems(...facts: readonly Fact[]): Promise<readonly string[]> {
  return await problemsOf(of(...facts), async (file) => FILES[file], IDS);
}

function yaml(fact: string): string {
  return `sections:\n  - title: One\n    facts:\n      - ${fact}\n`;
}

describe("the fidelity table", () => {
  it("has every fact of the platform", () => {
    expect(FACT_IDS).toHaveLength(54);
    expect([FACT_IDS[0], FACT_IDS[17], FACT_IDS.at(-1)]).toEqual(["A1.1", "A2.1", "A7.5"]);
  });

  it("is fine when every fact is there and the tests are", async () => {
    expect(await problems(SHOWN, OPEN)).toEqual([]);
  });

  it.each<readonly [string, readonly Fact[], readonly string[]]>([
    ["a fact that is missing", [SHOWN], ["A1.2: is missing"]],
    ["a fact twice", [SHOWN, OPEN, OPEN], ["A1.2: is there twice"]],
    [
      "a fact that nobody knows",
      [SHOWN, OPEN, { ...OPEN, id: "A9.9" }],
      ["A9.9: is no fact of the platform"],
    ],
    ["another order", [OPEN, SHOWN], ["A1.2: stands where A1.1 has to stand"]],
    [
      "an emulated fact that no test shows",
      [{ ...SHOWN, tests: [] }, OPEN],
      ["A1.1: is emulated, and no test shows it"],
    ],
    [
      "a test file that is gone",
      [{ ...SHOWN, tests: [{ file: "b.test.ts", title: "an image" }] }, OPEN],
      ["A1.1: the test file b.test.ts is gone"],
    ],
    [
      "a test that is gone from its file, also of a fact that is not emulated",
      [SHOWN, { ...OPEN, tests: [{ file: "a.test.ts", title: "isMain" }] }],
      ['A1.2: a.test.ts has no test or case "isMain"'],
    ],
    [
      "what is no test",
      [{ ...SHOWN, tests: [{ file: "a.ts", title: "x" }] }, OPEN],
      ["A1.1: a.ts is no test file"],
    ],
  ])("fails for %s", async (_, facts, expected) => {
    expect(await problems(...facts)).toEqual(expected);
  });
});

describe("titles of tests", () => {
  it.each([
    ['test("a title", () => {})', "a title"],
    ['it.each([["a case", 1]])("refuses %s", () => {})', "a case"],
    ['it.each([["a case", 1]])("refuses %s", () => {})', "refuses %s"],
    ['test.concurrent(\n  "on its own line",\n', "on its own line"],
    ["it('it\\'s quoted', f)", "it's quoted"],
    ['it("with \\"quotes\\" and // no comment", f)', 'with "quotes" and // no comment'],
    ["it(`a template`, f)", "a template"],
  ])("of %s are found", (text, title) => {
    expect(titlesOf(text)).toContain(title);
  });

  it.each([
    '// test("gone", () => {})',
    '/* test("gone", () => {}) */',
    'test.skip("gone", () => {})',
    'test.todo("gone")',
    'test("it is gone", () => {})',
    'test("gone by the wayside", () => {})',
  ])("are not found in %s", (text) => {
    expect(titlesOf(text)).not.toContain("gone");
  });
});

describe("fidelity.yaml", () => {
  it("is read: a file's one title or several", () => {
    const text = yaml(
      '{ id: A1.1, fact: x, here: emulated, how: y, source: D/G, tests: { a.test.ts: one, b.test.ts: [two, "three: 3"] } }',
    );
    expect(readFacts(text)).toEqual({
      problems: [],
      sections: [
        {
          title: "One",
          facts: [
            {
              id: "A1.1",
              fact: "x",
              here: "emulated",
              how: "y",
              source: "D/G",
              tests: [
                { file: "a.test.ts", title: "one" },
                { file: "b.test.ts", title: "two" },
                { file: "b.test.ts", title: "three: 3" },
              ],
            },
          ],
        },
      ],
    });
  });

  it.each([
    ["{ id: A1.1, fact: x, here: mostly, source: D }", 'A1.1: here is "mostly"'],
    ["{ id: A1.1, fact: x, here: not, source: X }", 'A1.1: source is "X"'],
    ["{ id: A1.1, here: not, source: D }", 'A1.1: has no text "fact"'],
    ["{ fact: x, here: not, source: D }", 'section 1, fact 1: has no text "id"'],
    ["{ id: A1.1, fact: x, here: not, source: D, test: {} }", 'A1.1: "test" is no known key'],
    ["{ id: A1.1, fact: x, here: not, source: D, tests: [a.test.ts] }", "A1.1: tests has to be a mapping"],
    [
      "{ id: A1.1, fact: x, here: not, source: D, tests: { a.test.ts: } }",
      "A1.1: a test of a.test.ts has no title",
    ],
    ["{ id: A1.1, id: A1.2 }", "Map keys must be unique"],
  ])("is refused: %s", (fact, problem) => {
    expect(readFacts(yaml(fact)).problems.join("\n")).toContain(problem);
  });

  it.each(["", "sections: 5", "- x"])("that is something else is refused: %j", (text) => {
    expect(readFacts(text).problems).toEqual(['the file: has no list "sections"']);
  });
});

describe("the page", () => {
  const PAGE = "before\n\n<!-- tables: begin -->\nold\n<!-- tables: end -->\n\nafter\n";

  it("gets its tables and their sum, and keeps what stands around them", () => {
    const page = withTables(PAGE, of(SHOWN, OPEN)) ?? "";
    expect(page).toMatch(/^before\n\n<!-- tables: begin -->/);
    expect(page).toMatch(/<!-- tables: end -->\n\nafter\n$/);
    expect(page).not.toContain("old");
    expect(page).toContain("Of 2 facts 1 are emulated, 0 approximated and 1 not.");
    expect(page).toContain("| A1.1 | `image` | emulated |  | D | `a.test.ts`<br>· an image |");
    expect(page).toContain("| A1.2 | `isMain` | not |  | S/G |  |");
  });

  it("is the same when it is made again", () => {
    const once = withTables(PAGE, of(SHOWN, OPEN)) ?? "";
    expect(withTables(once, of(SHOWN, OPEN))).toBe(once);
  });

  it("shows a title as it is, whatever Markdown would make of it", () => {
    const title = "`PORT` of main_1 | *any* <status> $x [y]";
    const page = withTables(PAGE, of({ ...SHOWN, tests: [{ file: "a.test.ts", title }] }));
    expect(page).toContain(String.raw`· \`PORT\` of main\_1 \| \*any\* \<status\> \$x \[y\]`);
  });

  it("without its marks is left alone", () => {
    expect(withTables("no marks", of(SHOWN))).toBeUndefined();
  });

  it("is summed up", () => {
    expect(summary(of(SHOWN, { ...SHOWN, here: "approximated" }, OPEN))).toBe(
      "Of 3 facts 1 are emulated, 1 approximated and 1 not.",
    );
  });
});
