/** When something was so, told as it begins and ends; milliseconds on any clock that does not go back. */
export class SpansOfTime {
  readonly #ended: { readonly fromMs: number; readonly toMs: number }[] = [];
  #sinceMs: number | undefined;

  /** From now on it is so, or is not; telling it again changes nothing. */
  tell(isSo: boolean, nowMs: number): void {
    if (isSo) {
      this.#sinceMs ??= nowMs;
      return;
    }
    if (this.#sinceMs !== undefined) this.#ended.push({ fromMs: this.#sinceMs, toMs: nowMs });
    this.#sinceMs = undefined;
  }

  /** For how long of a span, up to now, it was so. */
  within(fromMs: number, nowMs: number): number {
    const last = this.#sinceMs === undefined ? [] : [{ fromMs: this.#sinceMs, toMs: nowMs }];
    return [...this.#ended, ...last].reduce(
      (sum, span) => sum + Math.max(0, Math.min(span.toMs, nowMs) - Math.max(span.fromMs, fromMs)),
      0,
    );
  }
}
