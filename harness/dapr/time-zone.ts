const DAY_MS = 86_400_000;

/** A time zone's wall clock. `Local` and no name at all are UTC: the clock of a container that has no zone. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat | undefined;

  /** @throws {RangeError} for a name that is none. */
  constructor(name: string) {
    this.#format =
      name === "" || name === "UTC" || name === "Local"
        ? undefined
        : new Intl.DateTimeFormat("en-GB", {
            timeZone: name,
            hourCycle: "h23",
            year: "numeric",
            month: "numeric",
            day: "numeric",
            hour: "numeric",
            minute: "numeric",
            second: "numeric",
          });
  }

  /** Whether there is a zone of this name. */
  static exists(name: string): boolean {
    try {
      return Number.isFinite(new TimeZone(name).offsetMs(0));
    } catch {
      return false;
    }
  }

  /** What the zone's wall clock is ahead of UTC at an instant, in ms. */
  offsetMs(atMs: number): number {
    if (this.#format === undefined) return 0;
    const parts = new Map(this.#format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wallMs = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
    return wallMs - Math.floor(atMs / 1000) * 1000;
  }

  /**
   * The offsets that a day of the zone's calendar has, one or two.
   * @param dayMs the day's beginning as if its wall clock were UTC's.
   */
  offsetsOfDay(dayMs: number): readonly number[] {
    if (this.#format === undefined) return [0];
    return [...new Set([this.offsetMs(dayMs - DAY_MS), this.offsetMs(dayMs + 2 * DAY_MS)])];
  }
}
