import { SitecarError } from "../errors/index.ts";
import { Deadline } from "../shared/clock.ts";
import type { AgentControl } from "./agent-control.ts";
import type { PortHold } from "./agent-protocol.ts";

const ANSWER_WITHIN_MS = 10_000;

/** A port that is taken until it is released; leaving its scope releases it. */
export interface TakenPort extends AsyncDisposable {
  readonly hold: PortHold;
  /** Safe to call twice. @throws {SitecarError} PLATFORM_FAILED */
  release(): Promise<void>;
}

/** Ports of a running site's namespaces that something else listens on. */
export class PortControl {
  readonly #agents = new Set<AgentControl>();
  readonly #holds = new Map<string, PortHold>();
  #lastHold = 0;

  /**
   * Takes a port in every instance's namespace, those that start later too: who binds it gets EADDRINUSE.
   *
   * ```ts
   * await using taken = await site.ports.take({ port: 9090, address: "loopback", answers: "nothing" });
   * ```
   * @throws {SitecarError} FAULT_NOT_POSSIBLE where somebody listens there already; USAGE for a port that is none;
   *   PLATFORM_FAILED.
   */
  async take(hold: PortHold): Promise<TakenPort> {
    if (!Number.isInteger(hold.port) || hold.port < 1 || hold.port > 65_535) {
      throw new SitecarError("USAGE", {
        message: `the port ${hold.port} can't be taken.`,
        remedy: "give a whole number from 1 to 65535.",
      });
    }
    const id = `port-${++this.#lastHold}`;
    this.#holds.set(id, hold);
    const release = async (): Promise<void> => {
      if (this.#holds.delete(id)) await this.#tellAll((agent) => releaseIn(agent, id));
    };
    try {
      await this.#tellAll((agent) => takeIn(agent, id, hold));
    } catch (error) {
      await release().catch(() => undefined); // why it could not be taken is the failure to tell
      throw error;
    }
    return { hold, release, [Symbol.asyncDispose]: release };
  }

  /** The agent of an instance that has begun; the ports of the moment are taken there before this resolves. */
  async attach(agent: AgentControl): Promise<void> {
    this.#agents.add(agent);
    for (const [id, hold] of this.#holds) await takeIn(agent, id, hold);
  }

  /** The agent of an instance that has ended. */
  detach(agent: AgentControl): void {
    this.#agents.delete(agent);
  }

  async #tellAll(tell: (agent: AgentControl) => Promise<void>): Promise<void> {
    // An agent that has ended holds nothing any more.
    await Promise.all([...this.#agents].filter(({ alive }) => alive).map(tell));
  }
}

async function takeIn(agent: AgentControl, id: string, hold: PortHold): Promise<void> {
  try {
    await agent.request({ type: "port.take", key: id, hold }, { deadline: Deadline.in(ANSWER_WITHIN_MS) });
  } catch (error) {
    if (!(error instanceof SitecarError) || !error.message.includes("EADDRINUSE")) throw error;
    throw new SitecarError("FAULT_NOT_POSSIBLE", {
      message: `port ${hold.port} can't be taken: somebody in the site listens there already.`,
      remedy:
        "take it before the container that uses it is started, for example from the schedule's beginning.",
      cause: error,
    });
  }
}

async function releaseIn(agent: AgentControl, id: string): Promise<void> {
  await agent.request({ type: "port.release", key: id }, { deadline: Deadline.in(ANSWER_WITHIN_MS) });
}
