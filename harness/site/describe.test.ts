import { expect, test } from "vitest";
import type { OutputLine } from "../runtime/container-output.ts";
import { describeLines } from "./describe.ts";

function lines(...texts: string[]): OutputLine[] {
  return texts.map((text) => ({ stream: "stdout", text, wallMs: 0 }));
}

test("daprd's JSON is shown as level and message, and why it ended comes first", () => {
  const shown = describeLines(
    "dapr",
    lines(
      '{"level":"fatal","msg":"process component blob error: init timeout","time":"…"}',
      "a",
      "b",
      '{"level":"info","msg":"bye"}',
    ),
  );
  expect(shown).toEqual([
    "dapr | fatal: process component blob error: init timeout",
    "dapr | a",
    "dapr | b",
    "dapr | info: bye",
  ]);
});

test("repeats are folded, so that three lines say more", () => {
  expect(describeLines("main", lines("x", "waiting", "waiting", "waiting", "end"))).toEqual([
    "main | x",
    "main | waiting (3 ×)",
    "main | end",
  ]);
});

test("a fatal line that is among the last is not shown twice, and silence is said", () => {
  expect(describeLines("dapr", lines("fatal: no"))).toEqual(["dapr | fatal: no"]);
  expect(describeLines("dapr", lines("", " "))).toEqual(["dapr | (no output)"]);
});

test("what only looks like JSON stays as it is", () => {
  expect(describeLines("main", lines('{"level":1}', "{broken"))).toEqual([
    'main | {"level":1}',
    "main | {broken",
  ]);
});
