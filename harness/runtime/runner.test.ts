import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { currentRunner, formatRunner, parseRunner, runnerState } from "./runner.ts";

test("this process is alive, also after a journey through a label", () => {
  const read = parseRunner(formatRunner(currentRunner()));
  expect(read).toEqual(currentRunner());
  expect(read && runnerState(read)).toBe("alive");
});

test("a process that ended is dead, and so is an earlier one whose number is used again", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  expect(runnerState({ ...currentRunner(), pid: child.pid ?? 0 })).toBe("dead");
  expect(runnerState({ ...currentRunner(), startedAt: "1" })).toBe("dead");
});

test("another machine's process can't be judged", () => {
  expect(runnerState({ ...currentRunner(), place: "some-other-boot/pid:[1]" })).toBe("elsewhere");
});

test.each(["", "a b", "x 1 2 3", "x pid 1"])("%j is no runner", (text) => {
  expect(parseRunner(text)).toBeUndefined();
});
