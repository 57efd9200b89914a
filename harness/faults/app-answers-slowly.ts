import type { StandInRequests } from "../platform/stand-in/stand-in-protocol.ts";
import type { FaultData } from "../schedule/step.ts";
import {
  delayAttribute,
  describeDelay,
  describeRequests,
  FIRST,
  misbehave,
  REQUESTS,
  WHICH_REQUESTS,
  firstIn,
} from "./app-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";
import { choiceIn, numberIn } from "./read-attribute.ts";

/** daprd waits 3 s for the answer to OPTIONS, and without a limit for that to a delivery (daprd.md §1.1, §2). */
export const APP_ANSWERS_SLOWLY: FaultKind = {
  name: "app-answers-slowly",
  about: "The app's answers come so much later; a tick's work is done before.",
  attributes: {
    delayMs: delayAttribute("Milliseconds that are added to each answer."),
    requests: WHICH_REQUESTS,
    first: FIRST,
  },
  describe: (data) => {
    const requests = choiceIn(data, "requests", REQUESTS, "all");
    const which = describeRequests(requests, firstIn(data).first);
    return `the app answers ${which} ${describeDelay(numberIn(data, "delayMs"))} late`;
  },
  inject: async (target, data) =>
    await misbehave(target, {
      kind: "answers-slowly",
      requests: choiceIn(data, "requests", REQUESTS, "all"),
      delayMs: numberIn(data, "delayMs"),
      ...firstIn(data),
    }),
};

export function appAnswersSlowly(attributes: {
  readonly delayMs: number;
  readonly requests?: StandInRequests;
  readonly first?: number;
}): FaultData {
  return { fault: "app-answers-slowly", ...attributes };
}
