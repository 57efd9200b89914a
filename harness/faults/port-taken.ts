import type { PortHold } from "../platform/agent-protocol.ts";
import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { choiceIn, numberIn } from "./read-attribute.ts";

const ADDRESSES = ["all", "loopback"] as const satisfies readonly PortHold["address"][];
const ANSWERS = ["nothing", "not-found"] as const satisfies readonly PortHold["answers"][];

/**
 * The platform container's agent listens there, in every instance. Who binds the port gets EADDRINUSE, whichever address is
 * taken (daprd.md §6); who connects is accepted, and gets no answer, or 404 to an HTTP request.
 */
export const PORT_TAKEN_FAULT: FaultKind = {
  name: "port-taken",
  about:
    "Something else listens on a port of the instance; healed, the port is free and its connections are reset.",
  attributes: {
    port: { about: "The TCP port.", type: "number", required: true, least: 1, most: 65_535 },
    address: {
      about: "Taken on 127.0.0.1 alone, or on every address; default: all.",
      type: "string",
      required: false,
      oneOf: ADDRESSES,
    },
    answers: {
      about: "To who connects: nothing at all, or 404 to every HTTP request; default: nothing.",
      type: "string",
      required: false,
      oneOf: ANSWERS,
    },
  },
  describe: (data) => {
    const where = choiceIn(data, "address", ADDRESSES, "all") === "all" ? "" : " of the loopback";
    const answer =
      choiceIn(data, "answers", ANSWERS, "nothing") === "nothing" ? "never answers" : "answers 404";
    return `port ${numberIn(data, "port")}${where} is taken by something that ${answer}`;
  },
  inject: async (target, data) => {
    const taken = await target.ports.take({
      port: numberIn(data, "port"),
      address: choiceIn(data, "address", ADDRESSES, "all"),
      answers: choiceIn(data, "answers", ANSWERS, "nothing"),
    });
    return async () => await taken.release();
  },
};

export function portTaken(attributes: {
  readonly port: number;
  readonly address?: PortHold["address"];
  readonly answers?: PortHold["answers"];
}): FaultData {
  return { fault: "port-taken", ...attributes };
}
