/** App Service's numbers and, where nobody documents them, our guesses. Each is a row of docs/fidelity.md. */
export interface PlatformSettings {
  /** `WEBSITES_CONTAINER_START_TIME_LIMIT`, seconds, 10–1800, default 230 (A2.6). */
  readonly startTimeLimitSeconds: number;
  /** `WEBSITES_CONTAINER_STOP_TIME_LIMIT`, seconds, 0–120, default 5 (A7.1). */
  readonly stopTimeLimitSeconds: number;
  /** `WEBSITE_WARMUP_PATH`, default `/robots933456.txt` (A2.6). */
  readonly warmUpPath: string;
  /** `WEBSITE_WARMUP_STATUSES`; empty: any HTTP status counts (A2.6). */
  readonly warmUpStatuses: readonly number[];
  /** Pause between two warm-up pings. A guess; default 100. */
  readonly warmUpIntervalMs: number;
  /** A container that exits during the start: `cancel` the start (A3.3; a guess for sidecars) or `continue`. Default `cancel`. */
  readonly onContainerExitDuringStart: "cancel" | "continue";
  /**
   * A start that failed: `hold` leaves the instance as it is for evidence, and the start is the run's failure; `retry` does as
   * the platform does: stops the site and tries again, Blocked after several failures (A2.6, A3.5). Default `hold`.
   */
  readonly onStartFailure: "hold" | "retry";
  /** Failed starts in a row until the site is Blocked (A3.5). A guess; default 3. */
  readonly startFailuresUntilBlocked: number;
  /** How long Blocked lasts, seconds, default 120 (A3.5). */
  readonly blockedSeconds: number;
  /**
   * A container that exits by itself after `Started`: `restart` as the platform does (A3.6, A3.7) or `leave` it dead. Default
   * `restart`. Ends that the harness causes (`kill`, a fault) are left alone in either case.
   */
  readonly onContainerExitAfterStart: "restart" | "leave";
  /** How often a sidecar that exits is started again before the whole site is (A3.6). A guess; default 3. */
  readonly sidecarRestarts: number;
  /** The old set serves until the new one is warm (A3.8); off by `WEBSITE_DISABLE_OVERLAPPED_RECYCLING=1`. Default true. */
  readonly overlappedRecycling: boolean;
  /** `siteConfig.healthCheckPath`; empty: no health check (A2.8). */
  readonly healthCheckPath: string;
  /** Default 60 (A2.8). */
  readonly healthCheckIntervalSeconds: number;
  /** `WEBSITE_HEALTHCHECK_MAXPINGFAILURES`, 2–10, default 10 (A2.8). */
  readonly healthCheckMaxPingFailures: number;
  /** `WEBSITE_HEALTHCHECK_MAXUNHEALTHYWORKERPERCENT`, 1–100, default 50: the share that may be out of rotation (A2.8). */
  readonly healthCheckMaxUnhealthyWorkerPercent: number;
  /** An instance that stays unhealthy is replaced after this, default 3600 (A2.8). */
  readonly unhealthyReplacementSeconds: number;
  /** `WEBSITE_SWAP_WARMUP_PING_PATH`, default `/` (A7.2). */
  readonly swapWarmUpPath: string;
  /** `WEBSITE_SWAP_WARMUP_PING_STATUSES`; empty: any HTTP status counts (A7.2). */
  readonly swapWarmUpStatuses: readonly number[];
  /** The front end ends a request that is idle for so long, seconds, default 230 (A2.9). */
  readonly frontEndIdleSeconds: number;
  /**
   * How many times faster the platform's long times run: start limit, Blocked, health check and its replacement, idle limit.
   * Containers run at their own speed, and so do stop grace and warm-up pings. Default 1; every run states it.
   */
  readonly platformClock: number;
}
