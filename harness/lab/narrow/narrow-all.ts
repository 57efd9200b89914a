import type { FaultKind } from "../../faults/fault-kind.ts";
import { Asking } from "./asking.ts";
import type { ClassBook, FoundClass } from "../class-book.ts";
import type { ExplorationProgress } from "../exploration.ts";
import { classesOf } from "../failing-classes.ts";
import { repeatsOf } from "./judge.ts";
import { narrow, type Narrowed } from "./narrow.ts";
import type { Trials } from "../all-trials.ts";
import { settled } from "../../shared/settled.ts";

export interface NarrowAllOptions {
  readonly containers: readonly string[];
  /** The space's delays, in ms. */
  readonly grid: readonly number[];
  readonly sidecars: readonly string[];
  readonly faultKinds: readonly FaultKind[];
  readonly repeats: number;
  /** When, in the trials' elapsed time, all has to be done; asked again and again. */
  readonly endMs: () => number;
  readonly progress: (event: ExplorationProgress) => void;
}

/** What a class was narrowed down to, and which other it follows from. */
export interface NarrowedClass extends Narrowed {
  readonly consequenceOf?: string;
}

/** So much of the time is for finding the smallest schedule and its threshold; the rest for repeating them. */
const SHARE_FOR_FINDING = 0.75;

/**
 * Narrows down every class of the book that has not been yet, all at the same time. One that seems to follow from another waits for
 * it: if the other's smallest schedule breaks it each time too, it has nothing of its own to find; else it is narrowed as well.
 * @param done by class; what is found is put in as soon as it is known, so that an interruption leaves the rest.
 */
export async function narrowAll(
  book: ClassBook,
  trials: Trials,
  done: Map<string, NarrowedClass>,
  options: NarrowAllOptions,
): Promise<void> {
  const open = book.all().filter(({ key }) => !done.has(key));
  const causes = book.likelyCauses();
  const causeOf = ({ key }: FoundClass): string | undefined => causes.get(key);
  await narrowTogether(
    open.filter((found) => causeOf(found) === undefined),
    book,
    trials,
    done,
    options,
  );
  const followers = open.filter((found) => causeOf(found) !== undefined);
  for (const found of followers) {
    const cause = causeOf(found) ?? "";
    const narrowed = asConsequence(found, cause, done.get(cause), trials);
    if (narrowed !== undefined) done.set(found.key, narrowed);
  }
  await narrowTogether(
    followers.filter(({ key }) => !done.has(key)),
    book,
    trials,
    done,
    options,
  );
}

async function narrowTogether(
  classes: readonly FoundClass[],
  book: ClassBook,
  trials: Trials,
  done: Map<string, NarrowedClass>,
  options: NarrowAllOptions,
): Promise<void> {
  const beganMs = trials.elapsedMs;
  const findingEndMs = (): number => beganMs + (options.endMs() - beganMs) * SHARE_FOR_FINDING;
  // All of them end before the first failure is told: nothing goes on behind the caller's back.
  await settled(
    classes.map(async (found) => {
      const asking = (endMs: () => number) =>
        new Asking(trials, found, endMs, (outcome) => {
          for (const { key } of book.add(outcome, found.key)) {
            options.progress({ type: "class-found", key, point: found.key });
          }
        });
      const narrowed = await narrow(found.schedules, asking(findingEndMs), asking(options.endMs), {
        ...options,
        symptom: found.symptom,
        atTheSameTime: classes.length,
        tell: (step, detail) =>
          options.progress({
            type: "narrowing",
            key: found.key,
            step,
            detail,
            remainingMs: Math.max(0, options.endMs() - trials.elapsedMs),
          }),
      });
      done.set(found.key, narrowed);
    }),
  );
}

/** `undefined`: it is none, because the cause's smallest schedule does not break it each time. */
function asConsequence(
  { key }: FoundClass,
  cause: string,
  narrowed: NarrowedClass | undefined,
  trials: Trials,
): NarrowedClass | undefined {
  if (narrowed === undefined) return undefined;
  const broken = trials.of(narrowed.pair.breaks).filter((outcome) => classesOf(outcome).has(cause));
  const together = broken.filter((outcome) => classesOf(outcome).has(key));
  if (broken.length === 0 || together.length < broken.length) return undefined;
  const outcomes = trials.of(narrowed.pair.breaks).filter(({ verdict }) => verdict !== "unknown");
  return {
    ...narrowed,
    repeats: repeatsOf(outcomes.map((outcome) => (classesOf(outcome).has(key) ? "breaks" : "holds"))),
    furtherThresholds: [],
    consequenceOf: cause,
  };
}
