import { CONTAINER_KILL } from "./container-kill.ts";
import { CONTAINER_PAUSE } from "./container-pause.ts";
import { CONTAINER_RESTART } from "./container-restart.ts";
import type { FaultKind } from "./fault-kind.ts";

export const CONTAINER_FAULTS: readonly FaultKind[] = [CONTAINER_KILL, CONTAINER_PAUSE, CONTAINER_RESTART];
