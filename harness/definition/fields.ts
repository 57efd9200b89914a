import type { Value } from "./value.ts";

/** The known fields of one object. A field that is `null` counts as absent: ARM prints absent properties so. */
export class Fields {
  readonly #owner: Value;
  readonly #found: ReadonlyMap<string, Value>;

  constructor(owner: Value, found: ReadonlyMap<string, Value>) {
    this.#owner = owner;
    this.#found = found;
  }

  optional(key: string): Value | undefined {
    const value = this.#found.get(key);
    return value === undefined || value.isNull ? undefined : value;
  }

  /** Every known field that says something, by its name in the rules. */
  present(): ReadonlyMap<string, Value> {
    return new Map([...this.#found].filter(([, value]) => !value.isNull));
  }

  required(key: string): Value | undefined {
    const value = this.optional(key);
    // An owner that is no object has been reported already.
    if (value === undefined && this.#owner.isMap) {
      this.#owner.complain(`has no "${key}".`, `Add "${key}".`);
    }
    return value;
  }
}
