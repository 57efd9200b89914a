import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn, textIn } from "./read-attribute.ts";

/** The kernel gives a container its share in each 100 ms, and stops it for the rest of them. */
export const PROCESSOR_STARVED: FaultKind = {
  name: "processor-starved",
  about: "A container gets only so much of the processor. Over all its lives, until healed.",
  attributes: {
    container: {
      about: "A container of the site, or storage.",
      type: "string",
      required: true,
      names: "container",
    },
    cpus: { about: "Cores, a fraction of one.", type: "number", required: true, least: 0.01, most: 1 },
  },
  describe: (data) =>
    `${textIn(data, "container")} gets ${Math.round(numberIn(data, "cpus") * 100)} % of a core`,
  inject: async (target, data) =>
    await target.container(textIn(data, "container")).limit({ cpus: numberIn(data, "cpus") }),
};

export function processorStarved(attributes: {
  readonly container: string;
  readonly cpus: number;
}): FaultData {
  return { fault: "processor-starved", ...attributes };
}
