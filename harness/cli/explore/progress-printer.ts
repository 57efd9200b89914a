import { delay } from "../../shared/clock.ts";
import type { ExplorationProgress } from "../../lab/exploration.ts";
import { formatNews, formatState, NOTHING_DONE, progressed } from "./progress-state.ts";

/** Where progress is written: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  /** How many trials are run at the moment. */
  readonly atOnce: () => number;
  /** Between two lines where there is no terminal; default 10 s. */
  readonly everyMs?: number;
}

const IN_A_TERMINAL_MS = 1000;
const ELSEWHERE_MS = 10_000;
/** To the line's beginning, and everything right of it away. */
const CLEAR = "\r\u001B[2K";

/**
 * Shows how an exploration goes on: in a terminal one line that is written over, elsewhere (a log of CI) a line now and
 * then; what was found stays. Nothing is written after {@link ProgressPrinter.close}.
 */
export class ProgressPrinter {
  readonly #options: ProgressOptions;
  readonly #live: boolean;
  readonly #end = new AbortController();
  #state = NOTHING_DONE;
  #lastText = "";

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#live = options.stream.isTTY === true;
    void this.#repeat(options.everyMs ?? (this.#live ? IN_A_TERMINAL_MS : ELSEWHERE_MS));
  }

  /** Hand it what the exploration tells. */
  tell(event: ExplorationProgress): void {
    if (this.#end.signal.aborted) return;
    this.#state = progressed(this.#state, event);
    const news = formatNews(event);
    if (news !== undefined) this.note(news);
    else if (this.#live) this.#redraw();
  }

  /** A line that stays. */
  note(text: string): void {
    if (this.#end.signal.aborted) return;
    this.#options.stream.write(`${this.#live ? CLEAR : ""}  ${text}\n`);
    if (this.#live) this.#redraw();
  }

  /** Ends it, and takes away the line that is written over. */
  close(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    if (this.#live) this.#options.stream.write(CLEAR);
  }

  async #repeat(everyMs: number): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      // Aborted: it is the end.
      await delay(everyMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (this.#live) this.#redraw();
      else this.#line();
    }
  }

  #redraw(): void {
    if (this.#state.of === 0) return;
    // One less than the terminal's width: a full line would move the cursor to the next.
    const width = (this.#options.stream.columns ?? 80) - 3;
    this.#options.stream.write(`${CLEAR}  ${formatState(this.#state, this.#options.atOnce(), width)}`);
  }

  /** The same again tells nothing. */
  #line(): void {
    const text = formatState(this.#state, this.#options.atOnce(), Infinity);
    if (this.#state.of === 0 || text === this.#lastText) return;
    this.#lastText = text;
    this.#options.stream.write(`  ${text}\n`);
  }
}
