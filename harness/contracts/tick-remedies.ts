import { bindingRoute, type DaprComponent } from "../dapr/component-files.ts";

/** What to do where ticks of a cron binding are not as they should be. */

export const SEE_DAPRD =
  "see what daprd did at that time; a binding that an app health check has stopped misses ticks.";

export const ANSWER_200 =
  "answer exactly 200: under a retry policy daprd takes 202 and 204 for failures and posts again.";

export const BE_FASTER =
  "make the handler faster than the interval, lengthen the interval, or let the handler refuse to run twice; daprd has no limit and no time-out of its own.";

export function seeTheAnswer(component: DaprComponent): string {
  return `see what the app answers to POST ${bindingRoute(component)}: daprd does not try a failed tick again, and says so at debug level only.`;
}
