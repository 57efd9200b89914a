import { describe, expect, it } from "vitest";
import { Deadline, poll } from "../../shared/clock.ts";
import type { ExplorationProgress } from "../../lab/exploration.ts";
import { exampleSite, tried } from "../../lab/test-support/explorations.ts";
import { ProgressPrinter } from "./progress-printer.ts";
import { formatState, NOTHING_DONE, progressed } from "./progress-state.ts";

const [found] = exampleSite().classes;
if (found === undefined) throw new Error("the example has classes");

const TOLD: readonly ExplorationProgress[] = [
  { type: "planned", points: 150, leftOut: 12 },
  { type: "tried", tried: tried(["a"], []), done: 1, of: 150, remainingMs: 125_300 },
  { type: "tried", tried: tried(["a"], [], { verdict: "broken" }), done: 2, of: 150, remainingMs: 124_300 },
  { type: "class-found", key: found.key, point: "dapr 0, storage 7000" },
  { type: "narrowing", key: found.key, step: "bisecting", detail: "4.9–5.1 s", remainingMs: 90_000 },
];

function stream(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

describe("how far an exploration is", () => {
  it("is one line, cut to the width", () => {
    const state = TOLD.reduce(progressed, NOTHING_DONE);
    expect(formatState(state, 6, Infinity)).toBe(
      `2 of 150 · 1 held · 1 broken · 0 unknown · 1 class · 6 at once · 90 s left · ${found.key}: bisecting, 4.9–5.1 s`,
    );
    expect(formatState(state, 6, 40)).toBe("2 of 150 · 1 held · 1 broken · 0 unknow…");
  });

  it("forgets what was narrowed when it is judged", () => {
    const state = progressed(TOLD.reduce(progressed, NOTHING_DONE), { type: "judged", class: found });
    expect(state.narrowing).toBeUndefined();
  });
});

describe("progress in a terminal", () => {
  it("is a line that is written over, never as wide as the terminal, and gone at the end", () => {
    const terminal = stream(true, 60);
    const printer = new ProgressPrinter({ stream: terminal, atOnce: () => 6 });
    for (const event of TOLD) printer.tell(event);
    printer.close();
    printer.tell({ type: "planned", points: 1, leftOut: 0 });
    const lines = terminal.written.join("").split("\r\u001B[2K").slice(1);
    expect(lines.at(-1)).toBe("");
    for (const line of lines)
      expect(line.trimEnd().length).toBeLessThan(60 + (line.endsWith("\n") ? 100 : 0));
    expect(lines).toContainEqual(`  broken: ${found.key} (dapr 0, storage 7000)\n`);
    expect(lines.at(-2)).toMatch(/^ {2}2 of 150 · .*…$/);
  });
});

describe("progress where there is no terminal", () => {
  it("is a line now and then, the same never twice, without anything to move a cursor", async () => {
    const log = stream(false);
    const printer = new ProgressPrinter({ stream: log, atOnce: () => 6, everyMs: 1 });
    for (const event of TOLD) printer.tell(event);
    const lineWritten = await poll(
      async () => (log.written.some((text) => text.includes("2 of 150")) ? true : undefined),
      { deadline: Deadline.in(10_000), intervalMs: 1 },
    );
    expect(lineWritten.met).toBe(true);
    // Told again, it would be the same line.
    printer.tell({ type: "planned", points: 150, leftOut: 12 });
    printer.close();
    expect(log.written.filter((text) => text.startsWith("  2 of 150"))).toHaveLength(1);
    expect(log.written.join("")).not.toContain("\u001B");
    expect(log.written[0]).toBe("  150 schedules, 12 are left out for want of time\n");
  });
});
