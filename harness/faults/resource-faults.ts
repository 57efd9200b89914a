import type { FaultKind } from "./fault-kind.ts";
import { MEMORY_LIMIT } from "./memory-limit.ts";
import { PROCESSOR_STARVED } from "./processor-starved.ts";

/** What a container can have too little of. */
export const RESOURCE_FAULTS: readonly FaultKind[] = [MEMORY_LIMIT, PROCESSOR_STARVED];
