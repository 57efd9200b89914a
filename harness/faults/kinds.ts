import { CONTAINER_FAULTS } from "./container-faults.ts";
import type { FaultKind } from "./fault-kind.ts";
import { IDENTITY_FAULTS } from "./identity-faults.ts";

/** Every kind of fault that there is, as `sitecar faults` and docs/faults.md list them. */
export const FAULT_KINDS: readonly FaultKind[] = [...CONTAINER_FAULTS, ...IDENTITY_FAULTS];
