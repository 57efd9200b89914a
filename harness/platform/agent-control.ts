import { SitecarError } from "../errors/index.ts";
import type { Deadline } from "../shared/clock.ts";
import type { AgentCommand, AgentRequest, ClockAnswer, ClockQuestion } from "./agent-protocol.ts";
import type { AgentAnswer, AgentAnswers } from "./agent-reader.ts";

export interface AgentRequestOptions {
  readonly deadline: Deadline;
  readonly signal?: AbortSignal;
}

interface OpenRequest {
  readonly resolve: (value: ClockAnswer | undefined) => void;
  readonly reject: (error: SitecarError) => void;
  readonly what: string;
}

/**
 * Asks the agent in one platform container to do something. Requests go to its standard input, since App Service has no
 * port for this in the namespace; answers come back among its reports, by id and in any order.
 */
export class AgentControl implements AgentAnswers {
  readonly #write: (line: string) => void;
  readonly #open = new Map<number, OpenRequest>();
  #lastId = 0;
  #ended = false;

  /** @param write hands a line to the agent's standard input. */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** False once the agent has ended. */
  get alive(): boolean {
    return !this.#ended;
  }

  /**
   * Resolves when the agent has done it.
   * @throws {SitecarError} PLATFORM_FAILED when the agent could not do it, ended, or the deadline passed; when `signal`
   *   aborts, its reason if that is a SitecarError, else RUN_STOPPED.
   */
  async request(command: AgentCommand, options: AgentRequestOptions): Promise<void> {
    await this.#ask(command, options);
  }

  /**
   * What the clock of a daprd that follows virtual time answers.
   * @throws {SitecarError} as {@link request}; that the clock does not answer is an answer.
   */
  async askClock(question: ClockQuestion, options: AgentRequestOptions): Promise<ClockAnswer> {
    const value = await this.#ask(question, options);
    if (value !== undefined) return value;
    throw failed(`the agent gave no answer to "${question.type}".`);
  }

  async #ask(
    command: AgentCommand,
    { deadline, signal }: AgentRequestOptions,
  ): Promise<ClockAnswer | undefined> {
    const what = command.type;
    if (signal?.aborted === true) throw stopped(signal.reason, what);
    if (this.#ended) throw failed(`the agent had ended before "${what}" was asked of it.`);
    const id = ++this.#lastId;
    const timeout = deadline.signal();
    const onTimeout = (): void =>
      this.#open
        .get(id)
        ?.reject(failed(`the agent did not answer "${what}" in ${(deadline.budgetMs / 1000).toFixed(1)} s.`));
    const onAbort = (): void => this.#open.get(id)?.reject(stopped(signal?.reason, what));
    try {
      return await new Promise<ClockAnswer | undefined>((resolve, reject) => {
        this.#open.set(id, { resolve, reject, what });
        timeout.addEventListener("abort", onTimeout, { once: true });
        signal?.addEventListener("abort", onAbort, { once: true });
        const request: AgentRequest = { id, ...command };
        this.#write(`${JSON.stringify(request)}\n`);
      });
    } finally {
      this.#open.delete(id);
      timeout.removeEventListener("abort", onTimeout);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** An answer came. One that nobody waits for any more is dropped: its request has failed already. */
  answered({ id, error, value }: AgentAnswer): void {
    const request = this.#open.get(id);
    if (error === null) request?.resolve(value);
    else request?.reject(failed(`the agent could not do "${request.what}".`, error));
  }

  /** The agent's output has ended; what is still open fails. */
  end(): void {
    this.#ended = true;
    for (const { reject, what } of this.#open.values()) {
      reject(failed(`the agent ended before it answered "${what}".`));
    }
  }
}

function failed(message: string, said?: string): SitecarError {
  return new SitecarError("PLATFORM_FAILED", {
    message: `the platform container failed: ${message}`,
    observations: said === undefined ? [] : [{ label: "agent said", value: said }],
    remedy: "read the platform container's log in the run's folder; it says what the agent saw last.",
  });
}

function stopped(reason: unknown, what: string): SitecarError {
  if (reason instanceof SitecarError) return reason;
  return new SitecarError("RUN_STOPPED", {
    message: `the run was stopped while the agent was asked for "${what}".`,
    remedy: "nothing to mend: something else ended the run.",
    cause: reason,
  });
}
