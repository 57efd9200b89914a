import { Deadline, delay } from "../shared/clock.ts";
import type { AgentControl } from "./agent-control.ts";
import type { TreePath } from "./agent-protocol.ts";

export interface LogFilesOptions {
  readonly agent: Pick<AgentControl, "request">;
  /** The worker's name, as `COMPUTERNAME` has it. */
  readonly machine: string;
  /** The main container's name: its output goes to `…_default_docker.log`. */
  readonly mainContainer: string;
  /** Where a file of this name lies. */
  readonly place: (fileName: string) => TreePath;
  /** Called when lines could not be written, with how many and why. */
  readonly onLoss: (detail: string) => void;
  /** Between the end of one writing and the begin of the next. Default 0. */
  readonly pauseMs?: number;
  /** How much waits for the agent before lines are dropped. Default 1 MiB of text. */
  readonly capacity?: number;
}

/** One append, so that neither a line of the protocol nor what is lost at once grows large. */
const MOST_IN_ONE_APPEND = 64 * 1024;
const APPEND_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 3_000;

interface Line {
  readonly file: string;
  readonly text: string;
}

/**
 * Writes the platform's log files of one instance (A7.4): `YYYY_MM_DD_<machine>_docker.log` has the platform's lines,
 * `…_default_docker.log` main's output, `…_<container>_docker.log` (a guess) a sidecar's. Lines wait while the agent writes
 * those before them; what waits is bounded, nothing here ever blocks a run, and what is lost is told.
 */
export class LogFilesWriter {
  readonly #options: LogFilesOptions;
  readonly #capacity: number;
  readonly #closing = new AbortController();
  #waiting: Line[] = [];
  #waitingSize = 0;
  #dropped = 0;
  #writing: Promise<void> | undefined;
  #deadline: Deadline | undefined;

  constructor(options: LogFilesOptions) {
    this.#options = options;
    this.#capacity = options.capacity ?? 1024 * 1024;
  }

  /** A line of the platform's, for example `2026-01-02T03:04:05.678Z INFO  - Site started.` */
  platform(level: "INFO" | "ERROR", line: string, wallMs: number): void {
    const text = `${new Date(wallMs).toISOString()} ${level.padEnd(5)} - ${line}\n`;
    this.#add("docker.log", text, wallMs);
  }

  /** A line of a container's output, for example `2026-01-02T03:04:05.678123000Z listening` */
  output(container: string, line: string, wallMs: number): void {
    const name = container === this.#options.mainContainer ? "default" : container;
    this.#add(`${name}_docker.log`, `${withNanoseconds(wallMs)} ${line}\n`, wallMs);
  }

  /** Resolves when everything is written or lost; takes 3 s at the most. */
  async close(): Promise<void> {
    this.#deadline = Deadline.in(CLOSE_WITHIN_MS);
    this.#closing.abort();
    await this.#writing;
  }

  #add(ending: string, text: string, wallMs: number): void {
    if (this.#waitingSize + text.length > this.#capacity) {
      this.#dropped++;
      return;
    }
    const date = new Date(wallMs).toISOString().slice(0, 10).replaceAll("-", "_");
    this.#waiting.push({ file: `${date}_${this.#options.machine}_${ending}`, text });
    this.#waitingSize += text.length;
    // Not in this turn: lines that come together are written together.
    this.#writing ??= this.#pause().then(() => this.#writeAll());
  }

  /** At least to the end of the turn. Cut short when it is closed. */
  async #pause(): Promise<void> {
    const { pauseMs = 0 } = this.#options;
    if (pauseMs === 0 || this.#closing.signal.aborted) await Promise.resolve();
    else await delay(pauseMs, this.#closing.signal).catch(() => undefined);
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const { file, lines } = this.#takeBatch();
      try {
        await this.#append(file, lines.map(({ text }) => text).join(""));
      } catch (error) {
        this.#lost(lines.length, error instanceof Error ? error.message : String(error));
      }
      if (this.#dropped > 0) {
        const dropped = this.#dropped;
        this.#dropped = 0;
        this.#lost(dropped, "they came faster than they could be written");
      }
    }
    this.#writing = undefined;
  }

  /** The oldest lines of one file, up to the most of one append. */
  #takeBatch(): { readonly file: string; readonly lines: readonly Line[] } {
    const file = this.#waiting[0]?.file ?? "";
    const lines: Line[] = [];
    const rest: Line[] = [];
    let size = 0;
    for (const line of this.#waiting) {
      const fits =
        line.file === file && (lines.length === 0 || size + line.text.length <= MOST_IN_ONE_APPEND);
      // After the first that does not fit, later ones of the file wait too: order is kept.
      if (fits && size < MOST_IN_ONE_APPEND) {
        lines.push(line);
        size += line.text.length;
      } else {
        rest.push(line);
        if (line.file === file) size = MOST_IN_ONE_APPEND;
      }
    }
    this.#waiting = rest;
    this.#waitingSize -= lines.reduce((sum, { text }) => sum + text.length, 0);
    return { file, lines };
  }

  async #append(file: string, text: string): Promise<void> {
    const { agent, place } = this.#options;
    const deadline = this.#deadline ?? Deadline.in(APPEND_WITHIN_MS);
    await agent.request({ type: "file.append", file: place(file), text }, { deadline });
  }

  #lost(count: number, why: string): void {
    this.#options.onLoss(`${count} ${count === 1 ? "line was" : "lines were"} not written: ${why}`);
  }
}

/** As the engine stamps lines: nine digits, of which the harness knows six. */
function withNanoseconds(wallMs: number): string {
  const microseconds = Math.floor((wallMs % 1) * 1000);
  return `${new Date(wallMs).toISOString().slice(0, -1)}${String(microseconds).padStart(3, "0")}000Z`;
}
