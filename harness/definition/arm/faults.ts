import type { GapReason } from "./datum.ts";

/** The template is wrong: Azure would refuse it. Becomes a problem at the expression that it stands in. */
export class TemplateFault extends Error {
  override readonly name = "TemplateFault";
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** The template is right, but only Azure knows the value. Becomes a gap that the caller can fill. */
export class Gap extends Error implements GapReason {
  override readonly name = "Gap";
  readonly reason: string;
  readonly suggestion: string;
  /** A problem has been reported for it already. */
  readonly faulty: boolean;

  constructor({ reason, suggestion }: GapReason, faulty = false) {
    super(reason);
    this.reason = reason;
    this.suggestion = suggestion;
    this.faulty = faulty;
  }
}

/** The template asks for more work than any real one does; evaluation ends. */
export class TooMuchWork extends Error {
  override readonly name = "TooMuchWork";
}

const MOST_STEPS = 1_000_000;
const MOST_LEVELS = 200;

/** Counts what an evaluation costs, so that no template makes it go on for ever or exhausts the stack. */
export class Work {
  #steps = 0;
  #levels = 0;

  /** @throws {TooMuchWork} */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new TooMuchWork();
  }

  /** Runs something one level deeper. @throws {TemplateFault} at more levels than any real template has. */
  deeper<T>(run: () => T): T {
    this.spend(1);
    if (this.#levels >= MOST_LEVELS) {
      throw new TemplateFault(
        `is nested more than ${MOST_LEVELS} levels deep, through values and what they refer to.`,
        "Look for something that refers to itself; no template that Azure takes is that deep.",
      );
    }
    this.#levels++;
    try {
      return run();
    } finally {
      this.#levels--;
    }
  }
}
