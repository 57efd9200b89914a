/** Requests that are held until the site can take them. One look at the site serves all of them. */
export class WaitingRoom {
  readonly #looks = new Set<() => void>();

  get size(): number {
    return this.#looks.size;
  }

  /** The site has changed. */
  lookAgain(): void {
    for (const look of this.#looks) look();
  }

  /**
   * Resolves with what `look` finds, now or after a change; with `undefined` when `signal` aborts first. Nothing of
   * the wait stays behind.
   */
  waitFor<T>(look: () => T | undefined, signal: AbortSignal): Promise<T | undefined> {
    return new Promise((resolve) => {
      const leave = (found: T | undefined): void => {
        this.#looks.delete(lookAndLeave);
        signal.removeEventListener("abort", onAbort);
        resolve(found);
      };
      const onAbort = (): void => leave(undefined);
      const lookAndLeave = (): void => {
        const found = look();
        if (found !== undefined) leave(found);
      };
      this.#looks.add(lookAndLeave);
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) leave(undefined);
      else lookAndLeave();
    });
  }
}
