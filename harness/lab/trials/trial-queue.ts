/** Somebody who waits for a turn. */
export interface Waiting {
  /** Lower ones go first; of the same in the order in which they came. */
  readonly priority: number;
}

/** Who runs now, and who is next. */
export class TrialQueue<T extends Waiting> {
  readonly #waiting: T[] = [];
  readonly #running = new Set<T>();

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(one: T): void {
    const behind = this.#waiting.findIndex(({ priority }) => priority > one.priority);
    this.#waiting.splice(behind === -1 ? this.#waiting.length : behind, 0, one);
  }

  /** Before all others. */
  addFirst(one: T): void {
    this.#waiting.unshift(one);
  }

  /** It waits no longer. @returns whether it did. */
  remove(one: T): boolean {
    const at = this.#waiting.indexOf(one);
    if (at !== -1) this.#waiting.splice(at, 1);
    return at !== -1;
  }

  /** All that wait; none does any more. */
  clear(): readonly T[] {
    return this.#waiting.splice(0);
  }

  /** The next one, which runs from now on; `undefined`: nobody waits, or there is no room. */
  next(atOnce: number): T | undefined {
    if (this.#running.size >= Math.max(1, atOnce)) return undefined;
    const first = this.#waiting.shift();
    if (first !== undefined) this.#running.add(first);
    return first;
  }

  ended(one: T): void {
    this.#running.delete(one);
  }
}
