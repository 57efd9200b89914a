import type { FaultKind } from "./fault-kind.ts";
import { IDENTITY_EXPIRED } from "./identity-expired.ts";
import { IDENTITY_REFUSED } from "./identity-refused.ts";
import { IDENTITY_SLOW } from "./identity-slow.ts";
import { IDENTITY_STATUS } from "./identity-status.ts";
import { IDENTITY_WRONG_AUDIENCE } from "./identity-wrong-audience.ts";

export const IDENTITY_FAULTS: readonly FaultKind[] = [
  IDENTITY_SLOW,
  IDENTITY_STATUS,
  IDENTITY_REFUSED,
  IDENTITY_EXPIRED,
  IDENTITY_WRONG_AUDIENCE,
];
