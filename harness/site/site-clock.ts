/** How far the virtual clock goes at once, and what it waits for. */
export interface AdvanceOptions {
  /**
   * `answered` (default): the app has answered each tick before the next one is fired, so none overlap. `started`: each has
   * been posted, and the next one does not wait for its answer.
   */
  readonly await?: "answered" | "started";
  /** The longest that an app may take for one tick, in real time. Default 60,000. */
  readonly answerWithinMs?: number;
  /** More ticks than so many are refused, before the first of them. Default 10,000. */
  readonly mostTicks?: number;
  /** Ends it between two ticks. */
  readonly signal?: AbortSignal;
}

/** One firing of a cron binding in virtual time. */
export interface VirtualTick {
  /** When it was due, in virtual time. */
  readonly due: Date;
  readonly instance: string;
  readonly container: string;
  readonly component: string;
  /**
   * As daprd counts it: `succeeded`, `failed`. `started`: its answer was not waited for. `unanswered`: it did not come in time.
   * `dropped`: its cron was stopped in the same moment, and nothing was posted.
   */
  readonly outcome: "succeeded" | "failed" | "started" | "unanswered" | "dropped";
  /** In real time. */
  readonly latencyMs: number;
  /** Why daprd counts it as failed. */
  readonly detail?: string;
}

/** What came of going on. */
export interface Advanced {
  readonly from: Date;
  readonly to: Date;
  /** In the order in which they were fired. */
  readonly ticks: readonly VirtualTick[];
}

/** The next tick that is due. */
export type DueTick = Pick<VirtualTick, "due" | "instance" | "container" | "component">;

/**
 * The clock that cron follows in a run with virtual time: of all input cron bindings of all Dapr sidecars of all instances.
 * It stands still but for what is asked here. Without virtual time each of these throws `VIRTUAL_TIME_OFF`.
 */
export interface SiteClock {
  /** What it shows. @throws {SitecarError} VIRTUAL_TIME_OFF */
  now(): Date;

  /** `undefined`: nothing is read that ever fires again. @throws {SitecarError} VIRTUAL_TIME_OFF, CLOCK_FAILED */
  nextTick(): Promise<DueTick | undefined>;

  /**
   * Goes on by a span, and fires each tick that is due until then, its end included: in the order of their times, those of the
   * same time one after the other by instance, container and binding.
   *
   * ```ts
   * const { ticks } = await site.clock.advance("24h");
   * ```
   * @param span a Go duration (`24h`, `90s`) or one of ISO 8601 (`P1D`, `P1M`).
   * @throws {SitecarError} VIRTUAL_TIME_OFF; CLOCK_STEP_INVALID for a span that is none or goes back, for too many ticks, and
   *   while a Dapr sidecar is paused; TICK_UNANSWERED; CLOCK_FAILED; RUN_STOPPED. The clock then shows how far it came.
   */
  advance(span: string, options?: AdvanceOptions): Promise<Advanced>;

  /** As {@link advance}, until a time: a date, or a text in ISO 8601 with its offset. */
  advanceTo(time: Date | string, options?: AdvanceOptions): Promise<Advanced>;
}
