import { SitecarError, type ErrorCode } from "../errors/index.ts";

/** What a command's exit code says. */
export const EXIT = { held: 0, broken: 1, unknown: 2, usage: 64 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Input that no run could be made of. */
const USAGE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "USAGE",
  "FILE_NOT_READABLE",
  "SPEC_MALFORMED",
  "SPEC_INVALID",
  "SITE_NOT_FOUND",
  "SCHEDULE_UNKNOWN_CONTAINER",
  "SCHEDULE_INVALID",
  "EXPLORATION_INVALID",
  "CONTAINER_UNKNOWN",
  "PLAN_UNKNOWN",
  "NOT_TAPPED",
  "RUN_UNREADABLE",
  "CONTRACTS_UNREADABLE",
  "CONTRACT_UNKNOWN",
  "CONTRACT_FILE_INVALID",
  "NO_EXCHANGES",
  "BINDING_UNKNOWN",
  "TWIN_NOT_COVERED",
  "TWIN_NOT_STARTED",
  "FAULT_UNKNOWN",
  "FAULT_INVALID",
  "FAULT_NOT_POSSIBLE",
  "VIRTUAL_TIME_OFF",
  "VIRTUAL_TIME_NOT_POSSIBLE",
  "CLOCK_STEP_INVALID",
]);

/** The site itself did not do what it has to. */
const BROKEN_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "WARM_UP_TIMED_OUT",
  "CONTAINER_EXITED_DURING_START",
  "NOT_READY",
  "WAIT_TIMED_OUT",
  "SWAP_FAILED",
  "TICK_UNANSWERED",
]);

/** Everything else, also an error that is not ours, says nothing about the site: unknown. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof SitecarError)) return EXIT.unknown;
  if (USAGE_CODES.has(error.code)) return EXIT.usage;
  return BROKEN_CODES.has(error.code) ? EXIT.broken : EXIT.unknown;
}
