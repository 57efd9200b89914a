import { APP_FAULTS } from "./app-faults.ts";
import { CONTAINER_FAULTS } from "./container-faults.ts";
import type { FaultKind } from "./fault-kind.ts";
import { IDENTITY_FAULTS } from "./identity-faults.ts";
import { PORT_FAULTS } from "./port-faults.ts";
import { RESOURCE_FAULTS } from "./resource-faults.ts";
import { STORAGE_FAULTS } from "./storage-faults.ts";

/** Every kind of fault that there is, as `sitecar faults` and docs/faults.md list them. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...CONTAINER_FAULTS,
  ...STORAGE_FAULTS,
  ...IDENTITY_FAULTS,
  ...APP_FAULTS,
  ...PORT_FAULTS,
  ...RESOURCE_FAULTS,
];
