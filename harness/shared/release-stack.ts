import { SitecarError } from "../errors/index.ts";

/**
 * Releases in reverse order of registration, each exactly once, and goes on after a failure: everything is attempted,
 * all failures are collected, and the first one is the cause of the error that is thrown at the end.
 */
export class ReleaseStack implements AsyncDisposable {
  readonly #releases: { readonly what: string; readonly release: () => void | Promise<void> }[] = [];
  #disposal: Promise<void> | undefined;

  /** Register right after acquiring. @param what named in the error when the release fails. */
  defer(what: string, release: () => void | Promise<void>): void {
    this.#releases.push({ what, release });
  }

  /** Calling it again waits for the same disposal. @throws {SitecarError} CLEANUP_FAILED */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#disposeAll();
    return this.#disposal;
  }

  async #disposeAll(): Promise<void> {
    const failures: { what: string; error: unknown }[] = [];
    for (let next = this.#releases.pop(); next !== undefined; next = this.#releases.pop()) {
      try {
        await next.release();
      } catch (error) {
        failures.push({ what: next.what, error });
      }
    }
    const [first] = failures;
    if (first === undefined) return;
    throw new SitecarError("CLEANUP_FAILED", {
      message: `${failures.length === 1 ? "one thing" : `${failures.length} things`} of the run could not be removed.`,
      observations: failures.map(({ what, error }) => ({
        label: what,
        value: error instanceof Error ? error.message : String(error),
      })),
      remedy: "run `sitecar prune` when the engine answers again.",
      cause: first.error,
    });
  }
}
