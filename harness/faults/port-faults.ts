import type { FaultKind } from "./fault-kind.ts";
import { PORT_TAKEN_FAULT } from "./port-taken.ts";

/** What can be wrong with an instance's ports. */
export const PORT_FAULTS: readonly FaultKind[] = [PORT_TAKEN_FAULT];
