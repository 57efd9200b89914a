import type { StandInFault, StandInRequests } from "../platform/stand-in/stand-in-protocol.ts";
import type { FaultData } from "../schedule/step.ts";
import type { FaultAttribute } from "./fault-kind.ts";
import type { FaultTarget } from "./fault-target.ts";
import { optionalNumberIn } from "./read-attribute.ts";

/** Beyond the longest wait known of a site's parts, the Dapr client's 30.7 s (daprd.md §5). */
const LONGEST_DELAY_MS = 120_000;

export const FIRST: FaultAttribute = {
  about: "Only so many requests, counted anew by each process of the app; default: all.",
  type: "number",
  required: false,
  least: 1,
  most: 1_000_000,
};

export const STATUS: FaultAttribute = {
  about: "The HTTP status.",
  type: "number",
  required: true,
  least: 200,
  most: 599,
};

export const REQUESTS = ["all", "options", "ticks", "others"] as const satisfies readonly StandInRequests[];

export const WHICH_REQUESTS: FaultAttribute = {
  about:
    "Which requests: daprd's questions by OPTIONS, deliveries of input bindings, all others, or all; default: all.",
  type: "string",
  required: false,
  oneOf: REQUESTS,
};

export function delayAttribute(about: string): FaultAttribute {
  return { about, type: "number", required: true, least: 0, most: LONGEST_DELAY_MS };
}

/** As `first` of a fault's data, if it is there. */
export function firstIn(data: FaultData): { readonly first?: number } {
  const first = optionalNumberIn(data, "first");
  return first === undefined ? {} : { first };
}

/** `every request`, `the first 2 deliveries`. */
export function describeRequests(requests: StandInRequests, first: number | undefined): string {
  const [one, many] = WORDS[requests];
  if (first === undefined) return `every ${one}`;
  return first === 1 ? `the first ${one}` : `the first ${first} ${many}`;
}

const WORDS: Readonly<Record<StandInRequests, readonly [one: string, many: string]>> = {
  all: ["request", "requests"],
  options: ["OPTIONS", "OPTIONS"],
  ticks: ["delivery", "deliveries"],
  others: ["other request", "other requests"],
};

/** `800 ms`, `3.2 s`. */
export function describeDelay(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms) / 1000} s`;
}

/** Puts it in force in the stand-in main. @throws {SitecarError} FAULT_NOT_POSSIBLE for a site that runs its own main. */
export async function misbehave(target: FaultTarget, fault: StandInFault): Promise<() => Promise<void>> {
  const handle = await target.standIn.fail(fault);
  return async () => await handle.heal();
}
