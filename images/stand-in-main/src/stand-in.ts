import type {
  StandInAnswer,
  StandInState,
  StandInWrites,
} from "../../../harness/platform/stand-in/stand-in-protocol.ts";
import { delay } from "../../../harness/shared/clock.ts";
import { Behaviour } from "./behaviour.ts";
import { StandInServer } from "./server.ts";
import { Writer } from "./writer.ts";

export interface StandInOptions {
  readonly say: (answer: StandInAnswer) => void;
  /** A line for a person. */
  readonly print: (text: string) => void;
  /** Milliseconds since the process began. Default: the process's own. */
  readonly nowMs?: () => number;
  /** What can't be gone on with. Default: the process ends with 1, as an app's would. */
  readonly onFatal?: (error: unknown) => void;
}

/** The stand-in main: is told what to be, is it, and says so. */
export class StandIn {
  readonly #options: StandInOptions;
  readonly #nowMs: () => number;
  readonly #behaviour = new Behaviour();
  readonly #server: StandInServer;
  #writer: Writer | undefined;
  #connected: Promise<void> = Promise.resolve();
  #isConnected = true;
  /** Ends the wait before listening, of which a newer state makes another. */
  #waiting = new AbortController();
  #beginning: Promise<void> = Promise.resolve();
  #port = 0;

  constructor(options: StandInOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#server = new StandInServer({
      behaviour: this.#behaviour,
      nowMs: this.#nowMs,
      print: options.print,
      onTick: async () => await this.#writer?.write(),
    });
  }

  /** Resolves when it is so, or, where it listens later, when that is under way. */
  async follow(state: StandInState): Promise<void> {
    this.#waiting.abort();
    await this.#beginning;
    const isFirst = this.#behaviour.revision === 0;
    this.#behaviour.follow(state, this.#nowMs());
    this.#port = state.port;
    if (isFirst && state.writes !== undefined) this.#begin(state.writes);
    await this.#listenAsTold();
    this.#options.say({
      standIn: "state",
      revision: state.revision,
      counts: { ...this.#server.counts, ...(this.#writer?.counts ?? { writes: 0, writesFailed: 0 }) },
    });
  }

  /** Where it listens. */
  get port(): number {
    return this.#port;
  }

  /** As on SIGTERM. */
  async finish(): Promise<void> {
    this.#waiting.abort();
    await this.#beginning;
    await this.#server.finish();
  }

  #begin(writes: StandInWrites): void {
    this.#writer = new Writer(writes);
    if (writes.connects === "lazily") return;
    this.#isConnected = false;
    this.#connected = this.#connect(this.#writer);
  }

  async #connect(writer: Writer): Promise<void> {
    try {
      await writer.connect();
      this.#isConnected = true;
    } catch (error) {
      this.#fatal(error);
    }
  }

  async #listenAsTold(): Promise<void> {
    const { listening } = this.#behaviour;
    if (listening === "never") {
      await this.#server.close();
      return;
    }
    if (this.#server.isListening) return;
    this.#waiting = new AbortController();
    this.#beginning = this.#listenAfter(listening.afterStartMs, this.#waiting.signal);
    // Without anything to wait for, it is done before it is said to be.
    if (this.#isConnected && listening.afterStartMs <= this.#nowMs()) await this.#beginning;
  }

  async #listenAfter(afterStartMs: number, signal: AbortSignal): Promise<void> {
    try {
      await unlessAborted(this.#connected, signal);
      await delay(afterStartMs - this.#nowMs(), signal);
      if (!this.#isConnected) return;
    } catch {
      return; // a newer state makes another wait
    }
    try {
      this.#port = await this.#server.listen(this.#port);
    } catch (error) {
      this.#fatal(error);
    }
  }

  #fatal(error: unknown): void {
    const onFatal = this.#options.onFatal ?? endWithOne;
    onFatal(error);
  }
}

function endWithOne(error: unknown): void {
  process.stderr.write(
    `the stand-in main could not go on: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
