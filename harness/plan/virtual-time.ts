import type { DaprSidecar } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { Difference } from "./site-plan.ts";

/** Where a daprd for virtual time is told to listen for its clock: an address on loopback. */
export const VIRTUAL_CLOCK_VARIABLE = "SITECAR_VIRTUAL_CLOCK";

/**
 * The first clock's port. Below 32768, where the kernel begins to give out ports of its own accord; and none of App Service's
 * (80, 2222, 8080, 8081) or of daprd's (3500, 3501, 7777, 9090, 50001, and 47300 up: daprd.md §6).
 */
const FIRST_PORT = 3590;

/** Cron of the site's daprds follows a clock that stands still until it is told to go on. */
export interface VirtualTimeOptions {
  /** When it begins: a date, or a text in ISO 8601 with its offset. Default: the run's own beginning, in whole seconds. */
  readonly from?: Date | string;
}

/** How a run has virtual time. */
export interface PlannedVirtualTime {
  /** ISO 8601 in UTC. */
  readonly from: string;
  /** One for each Dapr sidecar: where its clock listens, on the namespace's loopback alone. */
  readonly clocks: readonly { readonly container: string; readonly port: number }[];
}

/**
 * @param now the run's beginning
 * @throws {SitecarError} USAGE for a beginning that is no time.
 */
export function beginOfVirtualTime({ from }: VirtualTimeOptions, now: Date): Date {
  if (from === undefined) return new Date(Math.floor(now.getTime() / 1000) * 1000);
  return readVirtualTime(from, "virtual time can't begin at");
}

/** @param what begins the message. @throws {SitecarError} USAGE for what is no time. */
export function readVirtualTime(time: Date | string, what: string): Date {
  const text = typeof time === "string" ? time.trim() : undefined;
  const date = text === undefined ? new Date(time) : isIso(text) ? new Date(text) : new Date(Number.NaN);
  const year = date.getUTCFullYear();
  if (year >= 1970 && year <= 9998) return date;
  throw new SitecarError("USAGE", {
    message: `${what} ${text === undefined ? String(time) : JSON.stringify(time)}.`,
    remedy: "write a time with its offset, from 1970 to 9998: 2026-03-29T00:00:00Z, 2026-03-29T01:00+01:00.",
  });
}

/** A date alone is midnight in UTC; a time without an offset would be this machine's, which no run is to depend on. */
function isIso(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
}

/**
 * @param taken ports of the namespace that are somebody's already
 * @throws {SitecarError} VIRTUAL_TIME_NOT_POSSIBLE for a site without a Dapr sidecar.
 */
export function planVirtualTime(
  from: Date,
  sidecars: readonly DaprSidecar[],
  taken: readonly number[],
): PlannedVirtualTime {
  if (sidecars.length === 0) {
    throw new SitecarError("VIRTUAL_TIME_NOT_POSSIBLE", {
      message: "the site names no Dapr sidecar, and virtual time is that of Dapr's cron bindings.",
      remedy: "name the sidecar in the site's daprSidecars, or run the site without virtual time.",
    });
  }
  let port = FIRST_PORT - 1;
  const clocks = sidecars.map(({ container }) => {
    do port += 1;
    while (taken.includes(port));
    return { container, port };
  });
  return { from: from.toISOString(), clocks };
}

/** What a container is told of its clock; nothing, where it has none. */
export function clockEnvironment(
  container: string,
  planned: PlannedVirtualTime | undefined,
): Readonly<Record<string, string>> {
  const clock = planned?.clocks.find((one) => one.container === container);
  return clock === undefined ? {} : { [VIRTUAL_CLOCK_VARIABLE]: `127.0.0.1:${clock.port}` };
}

export function virtualTimeDifferences({ from, clocks }: PlannedVirtualTime): Difference[] {
  return clocks.map(({ container, port }) => ({
    subject: container,
    what: `daprd replaced by sitecar's own build of the same version, whose cron follows virtual time from ${from}; ${VIRTUAL_CLOCK_VARIABLE} set, and its clock listens on 127.0.0.1:${port}`,
    why: "the caller of this run asked for virtual time",
  }));
}
