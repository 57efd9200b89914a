import type { Judgement } from "../contracts/contract.ts";
import type { TrialOutcome } from "./laboratory.ts";

/** `latenessBoundMs` of the laboratory's options, by default. */
const USUAL_LATENESS_BOUND_MS = 100;

/** What one trial says about one class: that it was broken so, that it was not, or nothing. */
export type Answer = "breaks" | "holds" | "unknown";

/** The key of a class: trials with the same contract broken with the same symptom. */
export function classKeyOf({ contract, symptom }: Judgement): string {
  return `${contract}: ${symptom ?? "broken"}`;
}

/** The classes that a trial belongs to, each with its judgement. None of a trial whose times do not count. */
export function classesOf(outcome: TrialOutcome): ReadonlyMap<string, Judgement> {
  if (outcome.verdict === "unknown") return new Map();
  const classes = new Map<string, Judgement>();
  for (const judgement of outcome.judgements) {
    const key = classKeyOf(judgement);
    if (judgement.verdict === "broken" && !classes.has(key)) classes.set(key, judgement);
  }
  return classes;
}

/**
 * Whether a trial broke the contract in the way of the class. `unknown`: the machine was too busy, or the contract could not
 * be judged; such a trial counts as neither.
 */
export function answerOf(outcome: TrialOutcome, key: string, contract: string): Answer {
  if (classesOf(outcome).has(key)) return "breaks";
  const own = outcome.judgements.filter((judgement) => judgement.contract === contract);
  if (own.some(({ verdict }) => verdict === "unknown")) return "unknown";
  return outcome.verdict === "unknown" && (own.length === 0 || wasBusy(outcome)) ? "unknown" : "holds";
}

/** Nothing of the site says why the trial is unknown, so the machine does; or the times were late by the usual bound. */
function wasBusy({ judgements, latenessMs }: TrialOutcome): boolean {
  return latenessMs > USUAL_LATENESS_BOUND_MS || !judgements.some(({ verdict }) => verdict === "unknown");
}

/** The built-in contract before a bracket or blank: `bindingsActive` of `bindingsActive("batch")`. */
function nameOf(contract: string): string {
  return /^\w+/.exec(contract)?.[0] ?? contract;
}

/** Which contracts' breach can be the reason for another's, by what they promise. A user's own contracts follow from none. */
const FOLLOWS_FROM: Readonly<Record<string, readonly string[]>> = {
  componentsLoaded: ["nothingExits"],
  siteStarts: ["nothingExits", "componentsLoaded"],
  bindingsActive: ["nothingExits", "componentsLoaded", "siteStarts"],
  ticksDelivered: ["nothingExits", "componentsLoaded", "siteStarts", "bindingsActive"],
  ticksHaveEffect: ["nothingExits", "componentsLoaded", "siteStarts", "bindingsActive", "ticksDelivered"],
  recovers: ["nothingExits", "componentsLoaded", "siteStarts", "bindingsActive", "ticksDelivered"],
};

/** Whether a breach of `effect` can come from one of `cause`; both as in a judgement. */
export function canFollow(effect: string, cause: string): boolean {
  return (FOLLOWS_FROM[nameOf(effect)] ?? []).includes(nameOf(cause));
}

/** The class of the same trial that a judgement says it follows from. */
export function reasonOf(
  { because }: Judgement,
  classes: ReadonlyMap<string, Judgement>,
): string | undefined {
  if (because === undefined) return undefined;
  return [...classes].find(([, { contract }]) => contract === because)?.[0];
}

/** A class by its trials. */
export interface ClassTrials {
  readonly contract: string;
  readonly keys: ReadonlySet<string>;
  /** What its judgements themselves say of each trial; `undefined`: nothing, or not of a class of that trial. */
  readonly reasons: ReadonlySet<string | undefined>;
}

/**
 * For each class the one that it seems to follow from. Where its judgements themselves always name the same reason, it is that;
 * else a class that can be its reason, and was broken in every trial in which it was: of several the one that is nobody's
 * consequence, and of those the one in the fewest trials, which says most.
 */
export function likelyCauses(trials: ReadonlyMap<string, ClassTrials>): ReadonlyMap<string, string> {
  const causes = new Map<string, string>();
  for (const [key, { contract, keys, reasons }] of trials) {
    const [reason] = reasons;
    if (reasons.size === 1 && reason !== undefined) {
      causes.set(key, reason);
      continue;
    }
    const candidates = [...trials]
      .filter(([other, candidate]) => other !== key && canFollow(contract, candidate.contract))
      .filter(([, candidate]) => isSubset(keys, candidate.keys))
      .toSorted(
        ([, one], [, other]) =>
          depth(one.contract) - depth(other.contract) || one.keys.size - other.keys.size,
      );
    const [first] = candidates;
    if (first !== undefined) causes.set(key, first[0]);
  }
  return new Map([...causes].map(([key, cause]) => [key, firstOf(cause, causes)]));
}

/** A reason's own reason, and so on; a circle ends where it began. */
function firstOf(cause: string, causes: ReadonlyMap<string, string>): string {
  const passed = new Set<string>();
  let first = cause;
  for (let next = causes.get(first); next !== undefined && !passed.has(first); next = causes.get(first)) {
    passed.add(first);
    first = next;
  }
  return first;
}

function depth(contract: string): number {
  return FOLLOWS_FROM[nameOf(contract)]?.length ?? 0;
}

function isSubset<T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): boolean {
  return [...part].every((item) => whole.has(item));
}
