import type { Bench } from "../../site/bench.ts";
import { settled } from "../../shared/settled.ts";
import type { BackgroundWork } from "./background-work.ts";

/** How long the making of a bench keeps the machine busy: storage reads 30 MB of program. */
const MAKING_MS = 400;

/** What the pool has to know of a bench. */
export type PooledBench = Pick<Bench, "signal" | typeof Symbol.asyncDispose>;

/** The laboratory's benches: made when one is needed, used again and again, thrown away when one can't be made as new. */
export class BenchPool<B extends PooledBench = Bench> {
  readonly #create: () => Promise<B>;
  readonly #work: BackgroundWork;
  readonly #idle: B[] = [];
  readonly #all = new Set<B>();
  readonly #failures: unknown[] = [];
  #made = 0;
  /** One is made after the other: the making of several at once disturbs whatever starts meanwhile. */
  #making: Promise<unknown> = Promise.resolve();

  /** @param create a failure of it leaves nothing behind. */
  constructor(create: () => Promise<B>, work: BackgroundWork) {
    this.#create = create;
    this.#work = work;
  }

  /** How many were ever made. */
  get made(): number {
    return this.#made;
  }

  /** @throws {SitecarError} as `Bench.create`. */
  async take(signal: AbortSignal): Promise<B> {
    for (let bench = this.#idle.pop(); bench !== undefined; bench = this.#idle.pop()) {
      if (!bench.signal.aborted) return bench;
      await this.throwAway(bench);
    }
    const making = this.#making.then(async () => {
      signal.throwIfAborted();
      // One may have become free while it waited.
      return this.#idle.pop() ?? (await this.#make(signal));
    });
    this.#making = making.catch(() => undefined);
    return await making;
  }

  /** Makes them up to so many while nothing runs yet. @throws {SitecarError} as `Bench.create`. */
  async stock(count: number, signal: AbortSignal): Promise<void> {
    const missing = Math.max(0, count - this.#all.size);
    // When one can't be made, those that are being made are known before whoever asked disposes of all.
    const benches = await settled(Array.from({ length: missing }, () => this.#make(signal)));
    for (const bench of benches) this.give(bench);
  }

  async #make(signal: AbortSignal): Promise<B> {
    const bench = await this.#work.do(MAKING_MS, this.#create, signal);
    this.#made++;
    this.#all.add(bench);
    return bench;
  }

  /** It is as new. */
  give(bench: B): void {
    this.#idle.push(bench);
  }

  /** Removes it, whatever state it is in. What can't be removed is told when the laboratory is disposed. */
  async throwAway(bench: B): Promise<void> {
    this.#all.delete(bench);
    await bench[Symbol.asyncDispose]().catch((error: unknown) => void this.#failures.push(error));
  }

  /** Removes all. @throws {SitecarError} CLEANUP_FAILED */
  async dispose(): Promise<void> {
    this.#idle.length = 0;
    await Promise.all([...this.#all].map((bench) => this.throwAway(bench)));
    const [first] = this.#failures;
    if (first !== undefined) throw first;
  }
}
