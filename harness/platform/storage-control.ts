import { SitecarError } from "../errors/index.ts";
import { Deadline } from "../shared/clock.ts";
import type { AgentControl } from "./agent-control.ts";
import type { AgentCommand } from "./agent-protocol.ts";
import { contradict, problemOf, type StorageFailure } from "./storage-failure.ts";

const ANSWER_WITHIN_MS = 10_000;

/** A failure of storage that lasts until it is healed; leaving its scope heals it. */
export interface StorageFault extends AsyncDisposable {
  readonly failure: StorageFailure;
  /** Safe to call twice. @throws {SitecarError} PLATFORM_FAILED */
  heal(): Promise<void>;
}

/** The way to storage from inside a running site, in all its instances. The harness's own readers do not go along it. */
export class StorageControl {
  readonly #accounts: readonly string[];
  readonly #agents = new Set<AgentControl>();
  readonly #faults = new Map<string, StorageFailure>();
  #open = false;
  #lastFault = 0;

  /** @param accounts the site's storage accounts; none: nothing can fail. */
  constructor(accounts: readonly string[]) {
    this.#accounts = accounts;
  }

  /**
   * Lets storage fail from now on, in every instance, those that start later too:
   *
   * ```ts
   * await using busy = await site.storage.fail({ kind: "status", status: 503, first: 3 });
   * ```
   *
   * Several failures add up. Of the whole way one hides another: where no name is resolved, nobody meets a refused connection.
   * `first` in a failure counts the requests of each instance by itself.
   * @throws {SitecarError} USAGE for a failure that is none; FAULT_NOT_POSSIBLE for a site without a storage account, and for one
   *   that contradicts another in force: two say something else about the same connections, or the same names; PLATFORM_FAILED.
   */
  async fail(failure: StorageFailure): Promise<StorageFault> {
    this.#check(failure);
    const fault = `storage-${++this.#lastFault}`;
    this.#faults.set(fault, failure);
    const heal = async (): Promise<void> => {
      if (this.#faults.delete(fault)) await this.#tellAll({ type: "storage.heal", fault });
    };
    try {
      await this.#tellAll({ type: "storage.fail", fault, failure });
    } catch (error) {
      await heal().catch(() => undefined); // why it could not be injected is the failure to tell
      throw error;
    }
    return { failure, heal, [Symbol.asyncDispose]: heal };
  }

  /** The failures in force, in the order of their injection. */
  get failures(): readonly StorageFailure[] {
    return [...this.#faults.values()];
  }

  /**
   * Whether storage can be reached at all, as its schedule and its life have it. While it can't, connections are refused.
   * @internal
   */
  async setOpen(open: boolean): Promise<void> {
    if (this.#accounts.length === 0) return;
    this.#open = open;
    await this.#tellAll({ type: "storage.gate", open });
  }

  /**
   * As before the first schedule: every failure is healed, no connection is left, and the gate is closed. For a namespace that is
   * used again.
   * @internal
   */
  async reset(): Promise<void> {
    if (this.#accounts.length === 0) return;
    this.#open = false;
    this.#faults.clear();
    await this.#tellAll({ type: "storage.reset" });
  }

  /** The agent of an instance that has begun; gets the gate and the failures of the moment before this resolves. */
  async attach(agent: AgentControl): Promise<void> {
    if (this.#accounts.length === 0) return;
    this.#agents.add(agent);
    for (const [fault, failure] of this.#faults) await tell(agent, { type: "storage.fail", fault, failure });
    if (this.#open) await tell(agent, { type: "storage.gate", open: true });
  }

  /** The agent of an instance that has ended. */
  detach(agent: AgentControl): void {
    this.#agents.delete(agent);
  }

  async #tellAll(command: AgentCommand): Promise<void> {
    // An agent that has ended leads nobody anywhere.
    await Promise.all([...this.#agents].filter(({ alive }) => alive).map((agent) => tell(agent, command)));
  }

  #check(failure: StorageFailure): void {
    const problem = problemOf(failure);
    if (problem !== undefined) {
      throw new SitecarError("USAGE", {
        message: `storage can't fail so: ${problem.what}.`,
        remedy: problem.remedy,
      });
    }
    if (this.#accounts.length === 0) {
      throw new SitecarError("FAULT_NOT_POSSIBLE", {
        message: "storage can't fail: the site has no storage account.",
        remedy: "name one in the site's storageAccounts, or leave the fault out.",
      });
    }
    const other = this.failures.find((one) => contradict(one, failure));
    if (other === undefined) return;
    throw new SitecarError("FAULT_NOT_POSSIBLE", {
      message: `storage can't be "${failure.kind}" while it is "${other.kind}": both say what becomes of the same ${failure.kind === "name" ? "names" : "connections"}.`,
      observations: [
        { label: "in force", value: JSON.stringify(other) },
        { label: "asked for", value: JSON.stringify(failure) },
      ],
      remedy: "heal the first one before, or give them times that do not overlap.",
    });
  }
}

async function tell(agent: AgentControl, command: AgentCommand): Promise<void> {
  await agent.request(command, { deadline: Deadline.in(ANSWER_WITHIN_MS) });
}
