import { API_CASES } from "./cases/api-cases.ts";
import { BLOB_CASES } from "./cases/blob-cases.ts";
import { REQUEST_CASES } from "./cases/request-cases.ts";
import { STATE_CASES } from "./cases/state-cases.ts";
import type { ParityCase } from "./parity-case.ts";

/** Every row that the twin claims: asked of the twin and of daprd, whose answers must be the same. */
export const PARITY_CASES: readonly ParityCase[] = [
  ...BLOB_CASES,
  ...REQUEST_CASES,
  ...API_CASES,
  ...STATE_CASES,
];
