import path from "node:path";
import { styleText } from "node:util";
import { describeClass } from "../../lab/describe-class.ts";
import type { FailingClass } from "../../lab/exploration.ts";
import { scheduleWords } from "../../lab/report/schedule-words.ts";
import { counted, formatRepeats, meaningOf } from "../../lab/report/words.ts";
import { labelled, printable, wrap } from "./wrap.ts";

/** A class of failures for a person at a terminal: what, how sure, what was seen, why, what to do, and how to see it again. */
export function formatClass(one: FailingClass, letter: string, width: number): string {
  const [first = "", ...more] = wrap(describeClass(one), width - 3);
  const held =
    one.heldRepeats === undefined ? "" : `; the nearest that holds: ${formatRepeats(one.heldRepeats)}`;
  const rows: readonly (readonly [label: string, text: string | undefined])[] = [
    ["judged", `${one.judgement}: ${meaningOf(one)}; ${formatRepeats(one.repeats)}${held}`],
    ["on the map", counted(one.points, "schedule")],
    ["found by", one.foundBy === undefined ? undefined : `narrowing ${one.foundBy}`],
    ["follows", one.consequenceOf === undefined ? undefined : `from ${one.consequenceOf}`],
    ["smallest", scheduleWords(one.smallest)],
    ["holds", one.nearestHeld === undefined ? undefined : scheduleWords(one.nearestHeld)],
    ...one.evidence.map((seen) => ["seen", seen] as const),
    ...one.diagnoses.flatMap(({ cause, source, evidence, remedies }) => [
      ["cause", `${cause} (${source})`] as const,
      ...evidence.map((seen) => ["evidence", `${seen.source}: ${seen.quote}`] as const),
      ...remedies.map(({ text }) => ["Fix:", text] as const),
    ]),
    ["run", fromHere(one.runDirectory)],
  ];
  return [
    `${styleText("bold", letter)}  ${styleText("red", first)}`,
    ...more.map((line) => `   ${styleText("red", line)}`),
    ...rows.flatMap(([label, text]) => (text === undefined ? [] : labelled(label, text, width))),
    // Whole and alone on its line, so that it can be copied.
    `   ${"replay".padEnd(11)}${styleText("cyan", printable(one.replayCommand))}`,
  ].join("\n");
}

/** As short as it can be: what lies below the working directory relative to it. */
function fromHere(directory: string): string {
  const relative = path.relative("", directory);
  return directory === "" ? "not kept" : relative.startsWith("..") ? directory : relative;
}
