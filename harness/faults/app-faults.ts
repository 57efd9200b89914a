import { APP_ANSWERS_SLOWLY } from "./app-answers-slowly.ts";
import { APP_LISTENS_LATE } from "./app-listens-late.ts";
import { APP_NOT_LISTENING } from "./app-not-listening.ts";
import { APP_OPTIONS_HANGS } from "./app-options-hangs.ts";
import { APP_OPTIONS_STATUS } from "./app-options-status.ts";
import { APP_RESETS } from "./app-resets.ts";
import { APP_ROUTE_LATE } from "./app-route-late.ts";
import { APP_TICK_STATUS } from "./app-tick-status.ts";
import type { FaultKind } from "./fault-kind.ts";

/** What an app can do wrong. All need a run with the stand-in main. */
export const APP_FAULTS: readonly FaultKind[] = [
  APP_NOT_LISTENING,
  APP_LISTENS_LATE,
  APP_ROUTE_LATE,
  APP_ANSWERS_SLOWLY,
  APP_OPTIONS_HANGS,
  APP_OPTIONS_STATUS,
  APP_TICK_STATUS,
  APP_RESETS,
];
