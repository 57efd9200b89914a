import { styleText } from "node:util";
import type { ProgressEvent } from "../shared/progress.ts";

/** Where a command writes. Results go to `out`; with `--json`, everything else goes to `err`. */
export interface Console {
  result(text: string): void;
  note(text: string): void;
}

export function createConsole(json: boolean): Console {
  return {
    result: (text) => write(process.stdout, text),
    note: (text) => write(json ? process.stderr : process.stdout, text),
  };
}

function write(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${text}\n`);
}

/** Seconds with one digit, right-aligned: `  3.4 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`;
}

const MARKS = {
  started: styleText("cyan", "▸"),
  working: styleText("dim", "·"),
  done: styleText("green", "✔"),
  cached: styleText("green", "✔"),
  failed: styleText("red", "✘"),
} as const;

/** One line for a step of long work: `✔ image daprd   203.1 s  86 MB, 41 component types`. */
export function formatProgress(event: ProgressEvent): string {
  const time = event.state === "started" ? "       " : seconds(event.elapsedMs);
  const detail = event.state === "working" ? styleText("dim", event.detail) : event.detail;
  return `  ${MARKS[event.state]} ${event.step.padEnd(22)} ${time}  ${detail}`;
}
