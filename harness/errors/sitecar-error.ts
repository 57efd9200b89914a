import type { ErrorCode } from "./codes.ts";
import { ERROR_CODES } from "./codes.ts";

/** A fact seen before the failure, printed as `label  value`. */
export interface Observation {
  readonly label: string;
  readonly value: string;
}

export interface SitecarErrorDetails {
  /** One sentence: what happened. */
  readonly message: string;
  /** What was seen last, most telling first. */
  readonly observations?: readonly Observation[];
  /** What the user can do about it. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/**
 * Every failure that sitecar reports. `code` is stable and documented in docs/errors.md;
 * `fault` tells a wrong input (`user`) from a fault of the machine or the harness (`system`).
 */
export class SitecarError extends Error {
  override readonly name = "SitecarError";
  readonly code: ErrorCode;
  readonly fault: "user" | "system";
  readonly observations: readonly Observation[];
  readonly remedy: string;

  constructor(code: ErrorCode, details: SitecarErrorDetails) {
    super(render(code, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.fault = ERROR_CODES[code].fault;
    this.observations = details.observations ?? [];
    this.remedy = details.remedy;
  }
}

function render(code: ErrorCode, details: SitecarErrorDetails): string {
  const observations = details.observations ?? [];
  const width = Math.max(0, ...observations.map(({ label }) => label.length));
  const continuation = `\n${" ".repeat(width + 5)}`;
  return [
    `${code}: ${details.message}`,
    ...observations.map(
      ({ label, value }) => `  ${label.padEnd(width)}   ${value.trimEnd().replaceAll("\n", continuation)}`,
    ),
    `Fix: ${details.remedy}`,
  ].join("\n");
}
