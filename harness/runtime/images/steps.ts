import { SitecarError } from "../../errors/index.ts";
import { delay } from "../../shared/clock.ts";
import type { ProgressEvent, ProgressSink } from "../../shared/progress.ts";
import { OutputTail } from "../output-tail.ts";

const HEARTBEAT_MS = 3_000;

/** What a running step may use. */
export interface Step {
  readonly name: string;
  /** Aborts when the caller gives up or another step fails. */
  readonly signal: AbortSignal;
  /** The step's last output lines, shown when it fails. */
  readonly tail: OutputTail;
  /** Says what is being done now. */
  say(detail: string): void;
  /** Adds a line of output; it is kept for the error and shown with the next sign of life. */
  output(text: string): void;
}

/** What a step ends with. */
export interface StepOutcome<T> {
  readonly value: T;
  readonly detail: string;
  /** Default `done`. */
  readonly state?: "done" | "cached";
}

/** Runs steps side by side. The first failure ends all that run. */
export class Steps {
  readonly #progress: ProgressSink;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<unknown>>();
  #firstFailure: unknown;

  constructor(progress: ProgressSink, signal: AbortSignal | undefined) {
    this.#progress = progress;
    this.#signal = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
  }

  get signal(): AbortSignal {
    return this.#signal;
  }

  /**
   * Runs one step. `work` must end soon after the step's signal aborts.
   * @throws SitecarError as thrown by `work`; anything else becomes `IMAGE_BUILD_FAILED` with the step's last lines
   */
  run<T>(name: string, work: (step: Step) => Promise<StepOutcome<T>>): Promise<T> {
    const running = this.#run(name, work);
    // Whoever waits for it, and `settle`, see the failure; it must not count as unhandled meanwhile.
    running.catch(() => undefined);
    this.#running.add(running);
    return running;
  }

  /** Waits for everything that was started; throws the failure that came first, not those it caused. */
  async settle<T>(result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      this.#fail(error);
      await Promise.allSettled(this.#running);
      throw this.#firstFailure;
    }
  }

  async #run<T>(name: string, work: (step: Step) => Promise<StepOutcome<T>>): Promise<T> {
    const startedAt = performance.now();
    const tail = new OutputTail();
    let now = "";
    const tell = (state: ProgressEvent["state"], detail: string) =>
      this.#progress({ step: name, state, detail, elapsedMs: performance.now() - startedAt });
    const step: Step = {
      name,
      signal: this.#signal,
      tail,
      say: (detail) => {
        tell(now === "" ? "started" : "working", detail);
        now = detail;
      },
      output: (text) => tail.add(text),
    };
    const ended = new AbortController();
    const heartbeat = this.#heartbeat(ended.signal, () => {
      if (now !== "") tell("working", lastLineOf(now, tail));
    });
    try {
      this.#signal.throwIfAborted();
      const { value, detail, state } = await work(step);
      tell(state ?? "done", detail);
      return value;
    } catch (error) {
      const wasStopped = this.#signal.aborted;
      const failure = wasStopped ? stopped(name, this.#signal, tail) : failed(name, error, tail);
      this.#fail(failure);
      if (now !== "") tell("failed", wasStopped ? "stopped" : (failure.message.split("\n")[0] ?? ""));
      throw failure;
    } finally {
      ended.abort();
      await heartbeat;
    }
  }

  #fail(error: unknown): void {
    this.#firstFailure ??= error;
    this.#stop.abort(error);
  }

  async #heartbeat(ended: AbortSignal, beat: () => void): Promise<void> {
    try {
      for (;;) {
        await delay(HEARTBEAT_MS, ended);
        beat();
      }
    } catch {
      // The step ended.
    }
  }
}

function lastLineOf(now: string, tail: OutputTail): string {
  const last = tail.lines.at(-1);
  return last === undefined ? now : `${now}: ${last}`;
}

function stopped(name: string, signal: AbortSignal, tail: OutputTail): SitecarError {
  if (signal.reason instanceof SitecarError) return signal.reason;
  return new SitecarError("RUN_STOPPED", {
    message: `preparing images was stopped during "${name}".`,
    observations: linesOf(tail),
    remedy: "run again; what was finished is kept.",
    cause: signal.reason,
  });
}

function failed(name: string, error: unknown, tail: OutputTail): SitecarError {
  if (error instanceof SitecarError) return error;
  const words = error instanceof Error ? error.message : String(error);
  const full = /no space left on device/i.test(`${words}\n${tail.toString()}`);
  return new SitecarError(full ? "NO_SPACE" : "IMAGE_BUILD_FAILED", {
    message: `the step "${name}" failed.`,
    observations: [{ label: "reason", value: words.split("\n")[0] ?? "" }, ...linesOf(tail)],
    remedy: full
      ? "make room on the disk, then run again; what was finished is kept."
      : "the last lines say why; correct that and run again. What was finished is kept.",
    cause: error,
  });
}

function linesOf(tail: OutputTail): readonly { readonly label: string; readonly value: string }[] {
  return tail.lines.length === 0 ? [] : [{ label: "last lines", value: tail.toString() }];
}
