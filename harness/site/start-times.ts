import { STORAGE } from "../schedule/schedule.ts";

/** Until some were measured; a container that joins a namespace, on a machine with nothing else to do. */
const USUAL_MS = 80;
/** Of so many last ones. */
const REMEMBERED = 9;
/** A machine so busy that starts take longer than this keeps no times at all; nobody is helped by a start long before its time. */
const LONGEST_LEAD_MS = 150;

/**
 * How long this machine's engine takes from the call that starts a container to the container's start. A schedule's start calls
 * are made so much earlier, so that the containers start when they should.
 */
export class StartTimes {
  readonly #storage: number[] = [];
  readonly #others: number[] = [];

  /** By how much a start call is made ahead, in ms: the median of the last ones. */
  leadMs(container: string): number {
    const measured = this.#of(container);
    // Storage comes up in a way of its own, which nothing is known of until it has been seen.
    if (measured.length === 0) return container === STORAGE ? 0 : USUAL_MS;
    const median = measured.toSorted((a, b) => a - b)[Math.floor((measured.length - 1) / 2)] ?? 0;
    return Math.min(LONGEST_LEAD_MS, Math.max(0, median));
  }

  /** A start took so long, in ms. */
  took(container: string, ms: number): void {
    const measured = this.#of(container);
    measured.push(ms);
    if (measured.length > REMEMBERED) measured.shift();
  }

  #of(container: string): number[] {
    return container === STORAGE ? this.#storage : this.#others;
  }
}
