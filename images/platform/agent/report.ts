import { writeSync } from "node:fs";
import type { AgentReport } from "../../../harness/platform/agent-protocol.ts";

type Without<Key extends string, T> = T extends unknown ? Omit<T, Key> : never;

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/** What was seen, without its time. */
export type Sighting = Without<"wallMs", AgentReport>;

/** The wall clock with a fraction; monotonic from the start of the process. */
export function wallNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Turns what the agent sees into JSON lines. */
export class Reporter {
  readonly #writeLine: (line: string) => void;
  readonly #failuresReported = new Set<string>();

  constructor(writeLine: (line: string) => void) {
    this.#writeLine = writeLine;
  }

  /** @param wallMs when it was seen; default now. */
  report(sighting: Sighting, wallMs = wallNow()): void {
    this.#writeLine(`${JSON.stringify({ wallMs: Math.round(wallMs * 1000) / 1000, ...sighting })}\n`);
  }

  /** What failed before is told again when it fails again. */
  forgetFailures(): void {
    this.#failuresReported.clear();
  }

  /** Reports that `observer` could not see something; each `kind` of failure (default: the detail itself) once. */
  failure(observer: string, detail: string, kind = detail): void {
    const key = `${observer}\n${kind}`;
    if (this.#failuresReported.has(key)) return;
    this.#failuresReported.add(key);
    this.report({ type: "failure", observer, detail });
  }
}

/**
 * Writes a line to standard output before it returns, so that a line is never lost to an exit. A stream would
 * queue what a full pipe does not take at once.
 */
export function writeLineToStandardOutput(line: string): void {
  writeWhole(STANDARD_OUTPUT, line);
}

/** As {@link writeLineToStandardOutput}, where a thread of its own has reports: neither waits for the other there. */
export function writeLineToStandardError(line: string): void {
  writeWhole(STANDARD_ERROR, line);
}

function writeWhole(descriptor: number, line: string): void {
  let rest = Buffer.from(line);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if (!isTryAgain(error)) return; // Nobody reads any more: there is no one left to tell.
      // The pipe is full, and does not wait by itself: Node has made it so. Trying on would take a processor from its reader.
      Atomics.wait(NEVER, 0, 0, TRY_AGAIN_MS);
    }
  }
}

/** Nobody wakes who waits for it. */
const NEVER = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const TRY_AGAIN_MS = 1;

function isTryAgain(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
