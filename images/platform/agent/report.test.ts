import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { Reporter } from "./report.ts";

test("a report is one JSON line with the time it was seen", () => {
  const lines: string[] = [];
  const before = Date.now();
  new Reporter((line) => lines.push(line)).report({ type: "ready" });
  new Reporter((line) => lines.push(line)).report({ type: "ready" }, 5.12345);
  const wallMs: unknown = JSON.parse(lines[0] ?? "").wallMs;
  expect(Math.abs(Number(wallMs) - before)).toBeLessThan(5000);
  expect(lines[1]).toBe('{"wallMs":5.123,"type":"ready"}\n');
});

test("each kind of failure is reported once per observer", () => {
  const lines: string[] = [];
  const reporter = new Reporter((line) => lines.push(line));
  reporter.failure("a", "x");
  reporter.failure("a", "x");
  reporter.failure("b", "x");
  reporter.failure("a", "read 1", "read");
  reporter.failure("a", "read 2", "read");
  const told = lines.map((line) => JSON.parse(line)).map(({ observer, detail }) => `${observer} ${detail}`);
  expect(told).toEqual(["a x", "b x", "a read 1"]);
});

test("no line is lost when the process exits with a pipe that nobody has emptied yet", async () => {
  const module = new URL("report.ts", import.meta.url).href;
  const count = 20_000; // Several times what a pipe or socket holds.
  const program = `
    import { writeLineToStandardOutput as write } from ${JSON.stringify(module)};
    for (let at = 0; at < ${count}; at++) write("line " + at + " ${"x".repeat(80)}\\n");
    process.exit(0);`;
  const writer = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  writer.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(writer, "close");
  const lines = Buffer.concat(chunks).toString().trimEnd().split("\n");
  expect(lines).toHaveLength(count);
  expect(lines.at(-1)).toMatch(new RegExp(`^line ${count - 1} x{80}$`));
});
