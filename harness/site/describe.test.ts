import { expect, test } from "vitest";
import { describeLines } from "./describe.ts";

const lines = (...texts: readonly string[]) =>
  texts.map((text) => ({ stream: "stderr", text, wallMs: 0 }) as const);

test("an error is told without the frames of its stack", () => {
  const trace = lines(
    "listening",
    "the app could not start: Error: DAPR_SIDECAR_COULD_NOT_BE_STARTED",
    "    at DaprClient.awaitSidecarStarted (file:///app/dist/index.js:63477:24)",
    "    at async HTTPClientBinding.send (file:///app/dist/index.js:63477:24)",
    "    at async file:///app/dist/index.js:108317:5",
  );
  expect(describeLines("main", trace)).toEqual([
    "main | listening",
    "main | the app could not start: Error: DAPR_SIDECAR_COULD_NOT_BE_STARTED",
  ]);
});

test("daprd's fatal line is told though others follow it", () => {
  const log = lines('{"level":"fatal","msg":"init timeout"}', "one", "two", "three");
  expect(describeLines("dapr", log)).toEqual([
    "dapr | fatal: init timeout",
    "dapr | one",
    "dapr | two",
    "dapr | three",
  ]);
});

test("repeats are folded, and no output is said", () => {
  expect(describeLines("main", lines("waiting", "waiting", "waiting"))).toEqual(["main | waiting (3 ×)"]);
  expect(describeLines("main", [])).toEqual(["main | (no output)"]);
});
