import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn, textIn } from "./read-attribute.ts";

const MIB = 1024 ** 2;

/**
 * Where a container that runs has more than that already, control groups of version 1 refuse the limit: then it may have what it
 * has, and the next page that it takes is one too many. Those of version 2 end a process at once.
 */
export const MEMORY_LIMIT: FaultKind = {
  name: "memory-limit",
  about:
    "A container may have only so much memory, without swap; a process that takes more is killed. Over all its lives, until healed.",
  attributes: {
    container: {
      about: "A container of the site, or storage.",
      type: "string",
      required: true,
      names: "container",
    },
    memoryMib: {
      about: "Mebibytes; no engine goes below 6. One that has more already may have what it has.",
      type: "number",
      required: true,
      least: 6,
      most: 1_048_576,
    },
  },
  describe: (data) => `${textIn(data, "container")} may have ${numberIn(data, "memoryMib")} MiB of memory`,
  inject: async (target, data) => {
    const memoryBytes = Math.round(numberIn(data, "memoryMib") * MIB);
    return await target.container(textIn(data, "container")).limit({ memoryBytes });
  },
};

export function memoryLimit(attributes: {
  readonly container: string;
  readonly memoryMib: number;
}): FaultData {
  return { fault: "memory-limit", ...attributes };
}
