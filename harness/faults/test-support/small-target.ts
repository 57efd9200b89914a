import { SitecarError } from "../../errors/index.ts";
import { AgentControl } from "../../platform/agent-control.ts";
import type { AgentCommand, AgentRequest } from "../../platform/agent-protocol.ts";
import { IdentityControl } from "../../platform/identity-control.ts";
import { StorageControl } from "../../platform/storage-control.ts";
import { PortControl } from "../../platform/port-control.ts";
import { StandInControl } from "../../platform/stand-in/stand-in-control.ts";
import { smallPlan } from "../../platform/test-support/small-plan.ts";
import { Timeline } from "../../timeline/timeline.ts";
import type { FaultableContainer, FaultTarget } from "../fault-target.ts";

/** A container as a fault sees it: its state changes at once, and what was done to it is kept. */
export class SmallContainer implements FaultableContainer {
  readonly name: string;
  readonly done: string[] = [];
  state: FaultableContainer["state"] = "running";
  isRetired = false;
  /** What its process makes of another signal than SIGKILL. */
  endsBySignals = true;
  /** The next call fails with this. */
  failure: Error | undefined;

  constructor(name: string) {
    this.name = name;
  }

  async start(): Promise<number> {
    await this.#do("start", "running");
    return 0;
  }

  async kill(signal = "SIGKILL"): Promise<void> {
    await this.#do(`kill ${signal}`, signal === "SIGKILL" ? "exited" : this.state);
  }

  async pause(): Promise<void> {
    await this.#do("pause", "paused");
  }

  async resume(): Promise<void> {
    await this.#do("resume", "running");
  }

  async restart(): Promise<void> {
    await this.#do("restart", "running");
  }

  async untilEnded(): Promise<void> {
    await Promise.resolve();
    if (this.endsBySignals) this.state = "exited";
    else throw new SitecarError("WAIT_TIMED_OUT", { message: "it did not end.", remedy: "wait on." });
  }

  async limit(): Promise<() => Promise<void>> {
    await this.#do("limit", this.state);
    return async () => await this.#do("unlimit", this.state);
  }

  async #do(what: string, state: FaultableContainer["state"]): Promise<void> {
    await Promise.resolve();
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    this.done.push(what);
    this.state = state;
  }
}

export interface SmallTarget extends FaultTarget {
  readonly dapr: SmallContainer;
  readonly life: AbortController;
  /** What the agent was asked, in order. */
  readonly asked: readonly AgentCommand[];
}

/** What of a running site faults act on, with one container and an agent that answers at once. */
export async function smallTarget({ identity = true } = {}): Promise<SmallTarget> {
  const dapr = new SmallContainer("dapr");
  const life = new AbortController();
  const asked: AgentCommand[] = [];
  const agent: AgentControl = new AgentControl((line) => {
    const { id, ...command }: AgentRequest = JSON.parse(line);
    asked.push(command);
    // After the request is under way, as any real answer is.
    queueMicrotask(() => agent.answered({ id, error: null }));
  });
  const control = new IdentityControl();
  await control.attach(agent);
  return {
    plan: { identity: identity ? smallPlan().identity : null },
    timeline: new Timeline(),
    signal: life.signal,
    identity: control,
    storage: new StorageControl(["account"]),
    ports: new PortControl(),
    standIn: new StandInControl(),
    container: (name) => {
      if (name === dapr.name) return dapr;
      throw new SitecarError("CONTAINER_UNKNOWN", { message: `no "${name}".`, remedy: "name another." });
    },
    dapr,
    life,
    asked,
  };
}
