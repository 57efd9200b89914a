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
}
