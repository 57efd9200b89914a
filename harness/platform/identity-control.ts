import { Deadline } from "../shared/clock.ts";
import { SitecarError } from "../errors/index.ts";
import type { AgentControl } from "./agent-control.ts";
import type { IdentityFailure } from "./agent-protocol.ts";

const ANSWER_WITHIN_MS = 10_000;

/** A failure of the identity service that lasts until it is healed; leaving its scope heals it. */
export interface IdentityFault extends AsyncDisposable {
  readonly failure: IdentityFailure;
  /** Safe to call twice. @throws {SitecarError} PLATFORM_FAILED */
  heal(): Promise<void>;
}

/** The identity service of a running site, in all its instances. */
export class IdentityControl {
  readonly #agents = new Set<AgentControl>();
  readonly #faults = new Map<string, IdentityFailure>();
  #lastFault = 0;

  /**
   * Lets the identity service fail from now on, in every instance, those that start later too:
   *
   * ```ts
   * await using slow = await site.identity.fail({ delayMs: 8_000 });
   * ```
   *
   * `first` in a failure counts the requests of each instance by itself.
   * @throws {SitecarError} USAGE for a failure that is none; PLATFORM_FAILED, also for a site without an identity.
   */
  async fail(failure: IdentityFailure): Promise<IdentityFault> {
    assertFailure(failure);
    const fault = `identity-${++this.#lastFault}`;
    this.#faults.set(fault, failure);
    const heal = async (): Promise<void> => {
      if (this.#faults.delete(fault)) await this.#tellAll((agent) => healIn(agent, fault));
    };
    try {
      await this.#tellAll((agent) => failIn(agent, fault, failure));
    } catch (error) {
      await heal().catch(() => undefined); // why it could not be injected is the failure to tell
      throw error;
    }
    return { failure, heal, [Symbol.asyncDispose]: heal };
  }

  /** The agent of an instance that has begun; gets the failures of the moment before this resolves. */
  async attach(agent: AgentControl): Promise<void> {
    this.#agents.add(agent);
    for (const [fault, failure] of this.#faults) await failIn(agent, fault, failure);
  }

  /** The agent of an instance that has ended. */
  detach(agent: AgentControl): void {
    this.#agents.delete(agent);
  }

  async #tellAll(tell: (agent: AgentControl) => Promise<void>): Promise<void> {
    // An agent that has ended serves nothing that could fail or heal.
    await Promise.all([...this.#agents].filter(({ alive }) => alive).map(tell));
  }
}

async function failIn(agent: AgentControl, fault: string, failure: IdentityFailure): Promise<void> {
  await agent.request({ type: "identity.fail", fault, failure }, { deadline: Deadline.in(ANSWER_WITHIN_MS) });
}

async function healIn(agent: AgentControl, fault: string): Promise<void> {
  await agent.request({ type: "identity.heal", fault }, { deadline: Deadline.in(ANSWER_WITHIN_MS) });
}

function assertFailure(failure: IdentityFailure): void {
  if ("delayMs" in failure && !(failure.delayMs >= 0 && Number.isFinite(failure.delayMs))) {
    throw noFailure(`delayMs is ${failure.delayMs}`, "give a delay of 0 ms or more.");
  }
  if (
    "status" in failure &&
    !(Number.isInteger(failure.status) && failure.status >= 200 && failure.status <= 599)
  ) {
    throw noFailure(`status is ${failure.status}`, "give an HTTP status from 200 to 599.");
  }
  if ("first" in failure && failure.first !== undefined) {
    const { first } = failure;
    if (!Number.isInteger(first) || first < 1) {
      throw noFailure(`first is ${first}`, "give a whole number of requests from 1 up, or leave it out.");
    }
  }
}

function noFailure(what: string, remedy: string): SitecarError {
  return new SitecarError("USAGE", { message: `the identity service can't fail so: ${what}.`, remedy });
}
