import { SmallContainer, smallTarget } from "../../faults/test-support/small-target.ts";
import type { ActedOnContainer } from "../act-on-container.ts";
import type { StepHost, StepTarget } from "../schedule-steps.ts";

export class StepContainer extends SmallContainer implements ActedOnContainer {
  /** A stop lasts until this is resolved. */
  readonly stopped = Promise.withResolvers<void>();

  async stop(): Promise<undefined> {
    this.done.push("stop");
    await this.stopped.promise;
    this.state = "exited";
    return undefined;
  }
}

export interface SmallHost extends StepHost {
  readonly dapr: StepContainer;
  /** Settles `untilReady`. */
  readonly ready: PromiseWithResolvers<void>;
  readonly stops: string[];
  /** What the agent was asked. */
  readonly asked: readonly { readonly type: string }[];
}

/** A site of which the steps see a daprd, an identity service and the record. */
export async function host(): Promise<SmallHost> {
  const small = await smallTarget();
  const dapr = new StepContainer("dapr");
  const target: StepTarget = { ...small, container: () => dapr };
  const ready = Promise.withResolvers<void>();
  const stops: string[] = [];
  return {
    timeline: small.timeline,
    signal: small.signal,
    target: () => target,
    untilReady: async () => await ready.promise,
    stopSite: async () => {
      await Promise.resolve();
      stops.push("stopped");
    },
    startTimes: { leadMs: () => 0 },
    dapr,
    ready,
    stops,
    asked: small.asked,
  };
}
