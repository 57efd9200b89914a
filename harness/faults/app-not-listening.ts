import type { FaultData } from "../schedule/step.ts";
import { misbehave } from "./app-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";

/** Connections that are open are reset, and new ones refused by the kernel. */
export const APP_NOT_LISTENING: FaultKind = {
  name: "app-not-listening",
  about: "The app runs and does not listen; healed, it listens.",
  attributes: {},
  describe: () => "the app does not listen",
  inject: async (target) => await misbehave(target, { kind: "not-listening" }),
};

export function appNotListening(): FaultData {
  return { fault: "app-not-listening" };
}
