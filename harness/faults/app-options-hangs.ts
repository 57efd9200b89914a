import type { FaultData } from "../schedule/step.ts";
import { describeRequests, FIRST, misbehave, firstIn } from "./app-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";

/** daprd gives up after 3 s, and does not ask again (daprd.md §1.1). */
export const APP_OPTIONS_HANGS: FaultKind = {
  name: "app-options-hangs",
  about: "The app takes OPTIONS requests and never answers them.",
  attributes: { first: FIRST },
  describe: (data) => {
    const { first } = firstIn(data);
    return `the app never answers ${first === undefined ? "OPTIONS" : describeRequests("options", first)}`;
  },
  inject: async (target, data) =>
    await misbehave(target, {
      kind: "hangs",
      requests: "options",
      ...firstIn(data),
    }),
};

export function appOptionsHangs(attributes: { readonly first?: number } = {}): FaultData {
  return { fault: "app-options-hangs", ...attributes };
}
