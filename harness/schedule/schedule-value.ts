import { SitecarError } from "../errors/index.ts";
import { didYouMean } from "../shared/nearest.ts";

/**
 * A value of a schedule as somebody wrote it, with its path: `steps[2].when.after.seen`. Every reader throws
 * SCHEDULE_INVALID with the path for a value that is none of what it reads.
 */
export class ScheduleValue {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  /** Of an object that may have these keys and no other. */
  fields(known: readonly string[]): ReadonlyMap<string, ScheduleValue> {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.invalid(`write an object with ${known.join(", ")}.`);
    }
    const fields = new Map<string, ScheduleValue>();
    for (const [key, field] of Object.entries(value)) {
      const path = this.path === "" ? key : `${this.path}.${key}`;
      if (!known.includes(key)) {
        throw new SitecarError("SCHEDULE_INVALID", {
          message: `the schedule's ${path} is no known key.${didYouMean(key, known)}`,
          observations: [{ label: "known", value: known.join(", ") }],
          remedy: "use one of the known keys, or leave it out.",
        });
      }
      // As in JSON: what is undefined is not there.
      if (field !== undefined) fields.set(key, new ScheduleValue(field, path));
    }
    return fields;
  }

  items(): readonly ScheduleValue[] {
    if (!Array.isArray(this.value)) throw this.invalid("write a list.");
    return this.value.map((item: unknown, index) => new ScheduleValue(item, `${this.path}[${index}]`));
  }

  text(): string {
    if (typeof this.value === "string" && this.value !== "") return this.value;
    throw this.invalid("write a text that is not empty.");
  }

  oneOf<T extends string>(known: readonly T[]): T {
    const found = known.find((one) => one === this.value);
    if (found !== undefined) return found;
    const suggestion = typeof this.value === "string" ? didYouMean(this.value, known) : "";
    throw this.invalid(`use one of ${known.join(", ")}.`, suggestion);
  }

  boolean(): boolean {
    if (typeof this.value === "boolean") return this.value;
    throw this.invalid("write true or false.");
  }

  /** Both ends inclusive. */
  number(least: number, most: number): number {
    if (typeof this.value === "number" && this.value >= least && this.value <= most) return this.value;
    throw this.invalid(`use a number from ${least} to ${most}.`);
  }

  whole(least: number, most: number): number {
    if (Number.isInteger(this.value)) return this.number(least, most);
    throw this.invalid(`use a whole number from ${least} to ${most}.`);
  }

  invalid(remedy: string, suggestion = ""): SitecarError {
    return new SitecarError("SCHEDULE_INVALID", {
      message: `the schedule's ${this.path === "" ? "text" : this.path} is ${describe(this.value)}.${suggestion}`,
      remedy,
    });
  }
}

function describe(value: unknown): string {
  if (value === undefined) return "missing";
  // JSON has no NaN or Infinity.
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
