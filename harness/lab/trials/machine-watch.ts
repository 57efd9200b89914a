import os from "node:os";
import type { MachineLook } from "./pace.ts";

/** What the machine has left, since the look before. */
export class MachineWatch {
  #before = times();

  look(): MachineLook {
    const now = times();
    const all = now.all - this.#before.all;
    const idle = now.idle - this.#before.idle;
    // Two looks in one tick of the clock show nothing: the earlier one stays.
    if (all > 0) this.#before = now;
    return {
      busy: all > 0 ? 1 - idle / all : 0,
      availableBytes: os.freemem(),
      totalBytes: os.totalmem(),
    };
  }
}

function times(): { readonly all: number; readonly idle: number } {
  let [all, idle] = [0, 0];
  for (const { times: one } of os.cpus()) {
    all += one.user + one.nice + one.sys + one.idle + one.irq;
    idle += one.idle;
  }
  return { all, idle };
}
