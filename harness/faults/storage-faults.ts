import type { FaultKind } from "./fault-kind.ts";
import { STORAGE_ANSWERS_SLOWLY } from "./storage-answers-slowly.ts";
import { STORAGE_BANDWIDTH } from "./storage-bandwidth.ts";
import { STORAGE_CUT_OFF } from "./storage-cut-off.ts";
import { STORAGE_HANGS } from "./storage-hangs.ts";
import { STORAGE_NAME_NOT_RESOLVED } from "./storage-name-not-resolved.ts";
import { STORAGE_NEVER_ENDS } from "./storage-never-ends.ts";
import { STORAGE_REFUSED } from "./storage-refused.ts";
import { STORAGE_RESET } from "./storage-reset.ts";
import { STORAGE_SLOW } from "./storage-slow.ts";
import { STORAGE_STATUS } from "./storage-status.ts";
import { STORAGE_UNREACHABLE } from "./storage-unreachable.ts";

/** What can be wrong on the way to storage, from its name to its answers. */
export const STORAGE_FAULTS: readonly FaultKind[] = [
  STORAGE_NAME_NOT_RESOLVED,
  STORAGE_REFUSED,
  STORAGE_UNREACHABLE,
  STORAGE_RESET,
  STORAGE_HANGS,
  STORAGE_SLOW,
  STORAGE_BANDWIDTH,
  STORAGE_STATUS,
  STORAGE_ANSWERS_SLOWLY,
  STORAGE_NEVER_ENDS,
  STORAGE_CUT_OFF,
];
