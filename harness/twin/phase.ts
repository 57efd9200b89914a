/**
 * Where a daprd is in its life (daprd.md §1):
 *
 * - `starting`: its components are being initialised, or it does not run; port 3500 refuses.
 * - `waiting-for-app`: all APIs answer, `/v1.0/healthz` is 500.
 * - `up`: all is well.
 * - `blocking-shutdown`: after SIGTERM with `--dapr-block-shutdown-duration`; all APIs answer, `/v1.0/healthz` is 500.
 * - `shutting-down`: port 3500 refuses; what is under way is answered.
 * - `hung`: requests are taken and never answered, as of a daprd that was stopped by SIGSTOP.
 */
export type TwinPhase = (typeof TWIN_PHASES)[number];

export const TWIN_PHASES = [
  "starting",
  "waiting-for-app",
  "up",
  "blocking-shutdown",
  "shutting-down",
  "hung",
] as const;

/** The port is closed. */
export function refuses(phase: TwinPhase): boolean {
  return phase === "starting" || phase === "shutting-down";
}
