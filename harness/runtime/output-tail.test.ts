import { expect, test } from "vitest";
import { OutputTail } from "./output-tail.ts";

test("OutputTail keeps the last lines, without empty ones and overwritten states", () => {
  const tail = new OutputTail(2);
  tail.add("one\n\ntwo\n");
  tail.add("10 %\r20 %\r30 %\nfour\n");
  expect(tail.lines).toEqual(["30 %", "four"]);
  expect(tail.toString()).toBe("30 %\nfour");
});
