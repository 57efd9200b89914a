import { SitecarError } from "../../errors/index.ts";
import { Deadline } from "../../shared/clock.ts";
import { readStandInAnswer, type StandInCounts, type StandInState } from "./stand-in-protocol.ts";

/** What a link needs of the container that a stand-in main runs in. */
export interface StandInContainer {
  /** Hands a text to its standard input. */
  write(text: string): void;
  /** It can answer: it runs and is not paused. */
  isRunning(): boolean;
}

const ANSWER_WITHIN_MS = 10_000;

/**
 * One stand-in main, over all lives of its container. Standard input is the way in: App Service has no port for this in
 * the namespace, it works while the program does not listen, and wherever the engine is.
 */
export class StandInLink {
  readonly #container: StandInContainer;
  readonly #state: () => StandInState;
  readonly #waiting = new Map<number, (counts: StandInCounts | undefined) => void>();
  #lastRevision = 0;

  /** @param state what it is to be now; `revision` is set here. */
  constructor(container: StandInContainer, state: () => Omit<StandInState, "revision">) {
    this.#container = container;
    this.#state = () => ({ revision: ++this.#lastRevision, ...state() });
  }

  /** For its standard input before each start: what it is to be from its first breath. */
  firstInput(): string {
    return lineOf(this.#state());
  }

  /**
   * Resolves when it is what it is to be now, with what it has counted; with `undefined` when it does not run, and so takes it
   * up when it is started (or resumed).
   * @throws {SitecarError} PLATFORM_FAILED: it runs and gave no answer.
   */
  async follow(): Promise<StandInCounts | undefined> {
    const state = this.#state();
    const line = lineOf(state);
    const isRunning = this.#container.isRunning();
    this.#container.write(line);
    // A paused one reads it when it is resumed; one that has not begun or has ended begins with what is then.
    if (!isRunning) return undefined;
    const deadline = Deadline.in(ANSWER_WITHIN_MS);
    const timeout = deadline.signal();
    const { promise, resolve, reject } = Promise.withResolvers<StandInCounts | undefined>();
    const onTimeout = (): void => {
      if (this.#container.isRunning()) reject(noAnswer());
      else resolve(undefined);
    };
    this.#waiting.set(state.revision, resolve);
    timeout.addEventListener("abort", onTimeout, { once: true });
    try {
      return await promise;
    } finally {
      this.#waiting.delete(state.revision);
      timeout.removeEventListener("abort", onTimeout);
    }
  }

  /** A line of its standard output. */
  hear(line: string): void {
    const answer = readStandInAnswer(line);
    if (answer === undefined) return;
    for (const [revision, resolve] of this.#waiting) {
      if (revision <= answer.revision) resolve(answer.counts);
    }
  }

  /** Its process has ended: whoever waits has nothing to wait for. */
  ended(): void {
    for (const resolve of this.#waiting.values()) resolve(undefined);
  }
}

function lineOf(state: StandInState): string {
  return `${JSON.stringify(state)}\n`;
}

function noAnswer(): SitecarError {
  return new SitecarError("PLATFORM_FAILED", {
    message: `the stand-in main did not do what it was told within ${ANSWER_WITHIN_MS / 1000} s.`,
    remedy: "read its log in the run's folder; a machine that is very busy may be the reason.",
  });
}
