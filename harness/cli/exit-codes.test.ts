import { describe, expect, it } from "vitest";
import { ERROR_CODES, SitecarError, type ErrorCode } from "../errors/index.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";

/** What a script that calls sitecar may rely on. A new code has to be given a place here. */
const EXPECTED: Readonly<Record<ErrorCode, keyof typeof EXIT>> = {
  FILE_NOT_READABLE: "usage",
  SPEC_MALFORMED: "usage",
  SPEC_INVALID: "usage",
  SITE_NOT_FOUND: "usage",
  SCHEDULE_UNKNOWN_CONTAINER: "usage",
  SCHEDULE_INVALID: "usage",
  EXPLORATION_INVALID: "usage",
  CONTAINER_UNKNOWN: "usage",
  PLAN_UNKNOWN: "usage",
  FAULT_UNKNOWN: "usage",
  FAULT_INVALID: "usage",
  FAULT_NOT_POSSIBLE: "usage",
  USAGE: "usage",
  VIRTUAL_TIME_OFF: "usage",
  VIRTUAL_TIME_NOT_POSSIBLE: "usage",
  CLOCK_STEP_INVALID: "usage",
  ENGINE_NOT_FOUND: "unknown",
  ENGINE_START_FAILED: "unknown",
  ENGINE_TOO_OLD: "unknown",
  ENGINE_GONE: "unknown",
  ENGINE_REFUSED: "unknown",
  LIMITS_UNAVAILABLE: "unknown",
  IMAGE_NOT_FOUND: "unknown",
  IMAGE_BUILD_FAILED: "unknown",
  PORT_TAKEN: "unknown",
  NO_SPACE: "unknown",
  WARM_UP_TIMED_OUT: "broken",
  CONTAINER_EXITED_DURING_START: "broken",
  NOT_READY: "broken",
  WAIT_TIMED_OUT: "broken",
  SWAP_FAILED: "broken",
  TICK_UNANSWERED: "broken",
  RUN_STOPPED: "unknown",
  NOT_TAPPED: "usage",
  RUN_UNREADABLE: "usage",
  CONTRACTS_UNREADABLE: "usage",
  CONTRACT_UNKNOWN: "usage",
  CONTRACT_FILE_INVALID: "usage",
  NO_EXCHANGES: "usage",
  BINDING_UNKNOWN: "usage",
  TWIN_NOT_COVERED: "usage",
  TWIN_NOT_STARTED: "usage",
  REMEDY_NOT_APPLICABLE: "unknown",
  PLATFORM_FAILED: "unknown",
  STORAGE_FAILED: "unknown",
  DAPR_UNREADABLE: "unknown",
  STORAGE_UNREADABLE: "unknown",
  CLOCK_FAILED: "unknown",
  RUN_DIRECTORY_FAILED: "unknown",
  CLEANUP_FAILED: "unknown",
};

const codes = (): ErrorCode[] =>
  Object.keys(ERROR_CODES).filter((code): code is ErrorCode => code in ERROR_CODES);

describe("exit codes", () => {
  it("are the four that the documentation names", () => {
    expect(EXIT).toEqual({ held: 0, broken: 1, unknown: 2, usage: 64 });
  });

  it("are settled for every error code", () => {
    expect(codes().toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  });

  it.each(codes())("%s", (code) => {
    const error = new SitecarError(code, { message: "it happened.", remedy: "mend it." });
    expect(exitCodeOf(error)).toBe(EXIT[EXPECTED[code]]);
  });

  it("never say that a site is broken when the machine or the harness is", () => {
    const blamed = codes().filter(
      (code) => ERROR_CODES[code].fault === "system" && EXPECTED[code] !== "unknown",
    );
    expect(blamed).toEqual([]);
  });

  it("call an error that is not ours unknown", () => {
    expect(exitCodeOf(new TypeError("x is undefined"))).toBe(EXIT.unknown);
    expect(exitCodeOf("a text")).toBe(EXIT.unknown);
  });
});
