import { readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import * as explorations from "../../lab/test-support/explorations.ts";
import { formatExploration, outputWidth } from "./print-exploration.ts";
import { wrap } from "./wrap.ts";

const { allHeld, exampleSite, exploration, fiveContainers, hostile, race, sampled, twoContainers } =
  explorations;
const reportFile = ".sitecar/explorations/one/report.html";

function plain(found: ReturnType<typeof allHeld>, width = 80): string {
  return stripVTControlCharacters(formatExploration(found, { width, reportFile }));
}

describe.each([80, 120])("at %d columns", (width) => {
  it.each(Object.entries({ allHeld, exampleSite, fiveContainers, race, sampled, twoContainers }))(
    "%s fits, but for what is there to be copied whole",
    (_, make) => {
      const lines = plain(make(), width).split("\n");
      const long = lines.filter((line) => line.length > width && !/^ {3}(?:replay|run) /.test(line));
      expect(long).toEqual([]);
    },
  );

  it("a grid of many delays is told in several tables", () => {
    const grid = Array.from({ length: 40 }, (_, index) => ({ ms: index * 1500, reason: "" }));
    const text = plain({ ...twoContainers(), grid }, width);
    expect(text.split("\n").filter((line) => line.length > width && !line.includes("replay"))).toEqual([]);
    expect(text).toContain("58.5s");
  });
});

describe("the result in a terminal", () => {
  it("is what docs/explore.md shows", async () => {
    const docs = await readFile(new URL("../../../docs/explore.md", import.meta.url), "utf8");
    expect(docs).toContain(`\`\`\`\n${plain(exampleSite(), 100)}\n\`\`\``);
  });

  it("tells what follows from what, what was found on the way, and what could not be judged", () => {
    const [first, second] = exampleSite().classes;
    if (first === undefined || second === undefined) throw new Error("the example has two classes");
    const classes = [
      { ...first, foundBy: second.key },
      { ...second, consequenceOf: first.key },
    ];
    const text = plain({ ...exampleSite(), classes }, 120);
    expect(text).toContain(`found by   narrowing ${second.key}`);
    expect(text).toContain(`follows    from ${first.key}`);
    expect(text).toContain("1 × a start was 214 ms late in each of three tries");
  });

  it("ends with the verdict, and where the report is", () => {
    expect(plain(allHeld())).toMatch(
      /\n\nheld: example: \d+ held, 0 broken, 0 unknown of \d+ schedules, in 4 min 0 s\nreport: \S+$/,
    );
    expect(plain({ ...allHeld(), shard: { index: 2, of: 8 } })).toContain("schedules (shard 2 of 8), in");
    expect(plain(exploration({ endedEarly: "ended by SIGINT" }))).toBe(
      `not tried\n  Ended early: ended by SIGINT\n\nunknown: example: 0 held, 0 broken, 0 unknown of 0 schedules, in 4 min 0 s\nreport: ${reportFile}`,
    );
  });

  it("names some of what was left out", () => {
    expect(plain(fiveContainers())).toContain(
      "850 of 900 schedules were left out for want of time (5 min 0 s)",
    );
  });

  it("hands nothing of a site to the terminal that would move its cursor or change its colours", () => {
    const text = formatExploration(hostile(), { width: 80, reportFile });
    expect(stripVTControlCharacters(text)).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(text).not.toContain("\u001B[31mred");
  });

  it("is made for the terminal's width within bounds", () => {
    expect([undefined, 40, 100, 300].map(outputWidth)).toEqual([100, 80, 100, 120]);
  });

  it("breaks no word", () => {
    expect(wrap("a /very/long/path  and\nmore", 6)).toEqual(["a", "/very/long/path", "and", "more"]);
    expect(wrap("", 6)).toEqual([]);
  });
});
