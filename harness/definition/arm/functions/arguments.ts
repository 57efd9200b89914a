import {
  describeDatum,
  type Datum,
  type GapReason,
  type ListDatum,
  type ObjectDatum,
  type Origin,
} from "../datum.ts";
import { Gap, TemplateFault, type Work } from "../faults.ts";

/** The evaluated arguments of one call, read by position. */
export class Arguments {
  readonly name: string;
  /** Where the expression stands; what the call makes gets this place. */
  readonly origin: Origin;
  readonly work: Work;
  readonly all: readonly Datum[];

  constructor(name: string, all: readonly Datum[], origin: Origin, work: Work) {
    this.name = name;
    this.all = all;
    this.origin = origin;
    this.work = work;
  }

  get count(): number {
    return this.all.length;
  }

  /** @throws {Gap} where only Azure knows it. */
  at(index: number): Exclude<Datum, { kind: "unknown" | "answer" }> {
    const given = this.all[index];
    if (given === undefined) return this.fail("has too few arguments", "Add the argument.");
    return settled(given);
  }

  text(index: number): string {
    const datum = this.at(index);
    return datum.kind === "text" ? datum.value : this.#mistyped(index, "a text");
  }

  number(index: number): number {
    const datum = this.at(index);
    return datum.kind === "number" ? datum.value : this.#mistyped(index, "a number");
  }

  /** A whole number that is an index or a count. */
  index(index: number): number {
    const value = this.number(index);
    return Number.isSafeInteger(value) && value >= 0
      ? value
      : this.fail(`has ${value} where a whole number from 0 on must stand`, "Correct the number.");
  }

  flag(index: number): boolean {
    const datum = this.at(index);
    return datum.kind === "flag" ? datum.value : this.#mistyped(index, "true or false");
  }

  list(index: number): ListDatum {
    const datum = this.at(index);
    if (datum.kind !== "list") return this.#mistyped(index, "an array");
    this.work.spend(datum.items.length);
    return datum;
  }

  object(index: number): ObjectDatum {
    const datum = this.at(index);
    if (datum.kind !== "object") return this.#mistyped(index, "an object");
    this.work.spend(datum.entries.size);
    return datum;
  }

  /** All arguments as texts. */
  texts(from = 0): string[] {
    return this.all.slice(from).map((_, index) => this.text(index + from));
  }

  fail(message: string, remedy: string): never {
    throw new TemplateFault(`calls ${this.name}(), which ${message}.`, remedy);
  }

  #mistyped(index: number, wanted: string): never {
    return this.fail(
      `wants ${wanted} as argument ${index + 1}, found ${describeDatum(this.at(index))}`,
      `Give it ${wanted}.`,
    );
  }
}

/** The datum if it is known, as a whole. @throws {Gap} */
export function settled(datum: Datum): Exclude<Datum, { kind: "unknown" | "answer" }> {
  if (datum.kind === "answer") {
    if (datum.whole === undefined) throw new Gap(datum);
    return settled(datum.whole());
  }
  if (datum.kind === "unknown") throw gapOf(datum, datum.faulty);
  return datum;
}

function gapOf(reason: GapReason, faulty: boolean): Gap {
  return new Gap({ reason: reason.reason, suggestion: reason.suggestion }, faulty);
}
