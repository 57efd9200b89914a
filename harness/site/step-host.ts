import type { FaultTarget } from "../faults/fault-target.ts";
import type { StepHost, StepTarget } from "./schedule-steps.ts";
import type { StartTimes } from "./start-times.ts";
import { untilReadyAtLast } from "./until-ready-at-last.ts";
import type { Worker } from "./worker.ts";

export interface StepHostParts {
  readonly site: Omit<FaultTarget, "plan" | "container">;
  /** As they are when a step is done: a slot swap exchanges them. */
  readonly workers: () => readonly Worker[];
  readonly startTimes: StartTimes;
  readonly stopSite: () => Promise<unknown>;
}

/** What the steps of a site's schedule act on: of several workers, the one that a step names. */
export function stepHost({ site, workers, startTimes, stopSite }: StepHostParts): StepHost {
  const { timeline, signal } = site;
  const worker = (index: number): Worker => {
    const one = workers()[index];
    if (one === undefined) throw new TypeError(`the site has no worker ${index}`);
    return one;
  };
  return {
    timeline,
    signal,
    target: (index) => targetOf(site, worker(index)),
    untilReady: (index, ends) => untilReadyAtLast(worker(index), { timeline, ends }),
    stopSite,
    startTimes,
  };
}

function targetOf(site: StepHostParts["site"], { instance }: Worker): StepTarget {
  const { timeline, signal, identity, storage, ports, standIn } = site;
  return {
    plan: instance.plan,
    timeline,
    signal,
    identity,
    storage,
    ports,
    standIn,
    container: (name) => instance.container(name),
  };
}
