import type { Judgement } from "../contracts/contract.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { ClassId } from "./narrow/asking.ts";
import { classesOf, likelyCauses, reasonOf } from "./failing-classes.ts";
import type { TrialOutcome } from "./trials/laboratory.ts";
import { keyOf } from "./space/schedule-key.ts";
import { compareSize } from "./narrow/shrink.ts";

/** A class as it was found, before it is narrowed down. */
export interface FoundClass extends ClassId {
  readonly symptom: string;
  /** The smallest schedules that were seen to break it, and of those with different steps the smallest each; the smallest first. */
  readonly schedules: readonly Schedule[];
  /** A trial of the smallest. */
  readonly outcome: TrialOutcome;
  readonly judgement: Judgement;
  readonly foundBy?: string;
}

/** The smallest may break it by chance, near a threshold; then the next one is where narrowing begins. */
const SCHEDULES_KEPT = 3;
/** The plain ones may all break it by chance, and those with a certain step each time. */
const STEPS_KEPT = 4;

/** The classes of all trials so far. */
export class ClassBook {
  readonly #containers: readonly string[];
  readonly #found = new Map<string, FoundClass>();
  /** By class: the schedules that broke it. */
  readonly #schedules = new Map<string, Set<string>>();
  /** By class: the classes that its judgements said it followed from. */
  readonly #reasons = new Map<string, Set<string | undefined>>();

  /** @param containers storage and the site's containers in their own order. */
  constructor(containers: readonly string[]) {
    this.#containers = containers;
  }

  get(key: string): FoundClass | undefined {
    return this.#found.get(key);
  }

  /** In the order in which they were found. */
  all(): readonly FoundClass[] {
    return [...this.#found.values()];
  }

  /**
   * Takes in a trial's outcome.
   * @param foundBy the class that was being narrowed down; absent for the map's trials.
   * @returns the classes that are new.
   */
  add(outcome: TrialOutcome, foundBy?: string): readonly FoundClass[] {
    const added: FoundClass[] = [];
    const classes = classesOf(outcome);
    for (const [key, judgement] of classes) {
      const reasons = this.#reasons.get(key) ?? new Set();
      this.#reasons.set(key, reasons.add(reasonOf(judgement, classes)));
      const schedules = this.#schedules.get(key) ?? new Set();
      this.#schedules.set(key, schedules.add(keyOf(outcome.schedule)));
      const known = this.#found.get(key);
      // Only the map's own trials change where narrowing begins: those of another class's narrowing lie near its threshold.
      if (known !== undefined && foundBy !== undefined) continue;
      const smallest = this.#smallestOf([...(known?.schedules ?? []), outcome.schedule]);
      const isSmallest = known === undefined || smallest[0] === outcome.schedule;
      const source = known === undefined ? foundBy : known.foundBy;
      const found: FoundClass = {
        key,
        contract: judgement.contract,
        symptom: judgement.symptom ?? "broken",
        schedules: smallest,
        outcome: isSmallest ? outcome : known.outcome,
        judgement: isSmallest ? judgement : known.judgement,
        ...(source === undefined ? {} : { foundBy: source }),
      };
      this.#found.set(key, found);
      if (known === undefined) added.push(found);
    }
    return added;
  }

  #smallestOf(schedules: readonly Schedule[]): readonly Schedule[] {
    const sorted = schedules.toSorted((one, other) => compareSize(one, other, this.#containers));
    const bySteps = Map.groupBy(sorted, ({ steps = [] }) => JSON.stringify(steps));
    const firstOfEach = [...bySteps.values()].flatMap((same) => same.slice(0, 1)).slice(0, STEPS_KEPT);
    const kept = new Set([...sorted.slice(0, SCHEDULES_KEPT), ...firstOfEach]);
    return sorted.filter((schedule) => kept.has(schedule));
  }

  /** See {@link likelyCauses}. */
  likelyCauses(): ReadonlyMap<string, string> {
    return likelyCauses(
      new Map(
        this.all().map(({ key, contract }) => [
          key,
          {
            contract,
            keys: this.#schedules.get(key) ?? new Set<string>(),
            reasons: this.#reasons.get(key) ?? new Set<string>(),
          },
        ]),
      ),
    );
  }
}
