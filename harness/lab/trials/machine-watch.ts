import os from "node:os";
import type { MachineLook } from "./pace.ts";

/** Long enough that a single start does not make the machine look busy, short enough to see what the last change of pace has made. */
const WINDOW_MS = 4000;

interface Times {
  readonly atMs: number;
  readonly all: number;
  readonly idle: number;
}

/** What the machine has left, over the last seconds. */
export class MachineWatch {
  /** One look from before the window, and all since. */
  readonly #looks: Times[] = [times()];

  look(): MachineLook {
    const now = times();
    this.#looks.push(now);
    while ((this.#looks[1]?.atMs ?? Infinity) <= now.atMs - WINDOW_MS) this.#looks.shift();
    const [before = now] = this.#looks;
    const all = now.all - before.all;
    return {
      busy: all > 0 ? 1 - (now.idle - before.idle) / all : 0,
      availableBytes: os.freemem(),
      totalBytes: os.totalmem(),
    };
  }
}

function times(): Times {
  let [all, idle] = [0, 0];
  for (const { times: one } of os.cpus()) {
    all += one.user + one.nice + one.sys + one.idle + one.irq;
    // What runs with a lower priority gives way.
    idle += one.idle + one.nice;
  }
  return { atMs: performance.now(), all, idle };
}
