import { createInterface } from "node:readline";
import { StandIn } from "./stand-in.ts";

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const standIn = new StandIn({
  say: (answer) => print(JSON.stringify(answer)),
  print: (text) => print(`${new Date().toISOString()} ${text}`),
});

// First of all: as PID 1 a process without a handler ignores SIGTERM.
process.once("SIGTERM", () => void endGracefully());

try {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim() !== "") await standIn.follow(JSON.parse(line));
  }
} catch (error) {
  process.stderr.write(
    `the stand-in main can't go on: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}

async function endGracefully(): Promise<void> {
  print(`${new Date().toISOString()} SIGTERM received, finishing`);
  await standIn.finish();
  process.exit(0);
}
