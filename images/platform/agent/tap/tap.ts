import { Worker } from "node:worker_threads";
import type { AgentConfiguration } from "../../../../harness/platform/agent-protocol.ts";
import type { Reporter } from "../report.ts";
import type { FromTap, ToTap } from "./tap-messages.ts";

/** Beside the agent's own bundle. */
const THREAD = new URL("tap.js", import.meta.url);

/** What the thread may take. More than it says that it can't go on, and the run goes on without it. */
const LIMITS = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 8 };

/** The tap on the namespace's loopback, as the agent has it: begun, flushed and ended. */
export class Tap {
  readonly #configuration: AgentConfiguration;
  readonly #reporter: Reporter;
  readonly #flushes = new Map<number, () => void>();
  #worker: Worker | undefined;
  #ended = Promise.withResolvers<void>();
  #lastFlush = 0;

  constructor(configuration: AgentConfiguration, reporter: Reporter) {
    this.#configuration = configuration;
    this.#reporter = reporter;
  }

  /** Resolves when the loopback is seen. @throws {Error} when it can't be. */
  async begin(): Promise<void> {
    const worker = new Worker(THREAD, {
      workerData: this.#configuration,
      resourceLimits: LIMITS,
      // Without these its output is led to the process's own, which Node would make such that writing does not wait.
      stdout: true,
      stderr: true,
    });
    this.#worker = worker;
    this.#ended = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    worker.on("message", (message: FromTap) => this.#take(message, began));
    worker.on("error", (error) => this.#fail(error.message));
    worker.on("exit", () => this.#close());
    worker.on("error", (error) => began.reject(error));
    await began.promise;
    this.#reporter.report({ type: "tap" });
  }

  /** Resolves when everything that was on the wire before the call has been reported. */
  async flush(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const id = ++this.#lastFlush;
    await new Promise<void>((resolve) => {
      this.#flushes.set(id, resolve);
      this.#say(worker, { type: "flush", id });
    });
  }

  /** As {@link flush}, and nothing is seen any more; exchanges that go on are reported as that. */
  async end(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#say(worker, { type: "end" });
    await this.#ended.promise;
    await worker.terminate();
  }

  #say(worker: Worker, message: ToTap): void {
    worker.postMessage(message, []);
  }

  #take(message: FromTap, began: PromiseWithResolvers<void>): void {
    switch (message.type) {
      case "began":
        began.resolve();
        return;
      case "failed":
        began.reject(new Error(message.detail));
        return;
      case "flushed":
        this.#flushes.get(message.id)?.();
        this.#flushes.delete(message.id);
        return;
      case "ended":
        this.#close();
        return;
    }
  }

  #fail(detail: string): void {
    this.#reporter.report({
      type: "gap",
      gap: { reason: "tap-failed", detail: `${detail}; nothing is seen of the wire any more` },
    });
  }

  /** Nobody waits for it any longer. */
  #close(): void {
    this.#worker = undefined;
    this.#ended.resolve();
    for (const resolve of this.#flushes.values()) resolve();
    this.#flushes.clear();
  }
}
