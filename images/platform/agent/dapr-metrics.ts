import type { AgentDaprSidecar } from "../../../harness/platform/agent-protocol.ts";
import type { LocalHttp } from "./local-http.ts";
import { parseDaprMetrics } from "./metrics-text.ts";
import { repeat, type Pause } from "./pause.ts";
import type { Reporter } from "./report.ts";
import { TickCounter } from "./tick-counter.ts";

export interface DaprMetricsOptions {
  readonly sidecar: AgentDaprSidecar;
  readonly http: LocalHttp;
  /** Asked after each reading. */
  readonly intervalMs: () => number;
  /** While nothing listens; the port's opening ends the pause. */
  readonly closedIntervalMs: number;
  /** Ended from outside when the port opens or closes. */
  readonly pause: Pause;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** daprd has initialised components since the last reading. */
  readonly onComponentsInitialised: () => void;
}

/**
 * Reads daprd's metrics and reports each delivery of an input binding as a tick. A tick's report is as late as the
 * reading that saw it; the deliveries between the last reading and the death of a daprd are not seen.
 */
export async function watchDaprMetrics(options: DaprMetricsOptions): Promise<void> {
  const { sidecar, http, intervalMs, pause, reporter, signal } = options;
  const { container } = sidecar;
  const observer = `${container} metrics`;
  const counter = new TickCounter();
  let componentsMark = "";

  const look = async (): Promise<number> => {
    const seen = await http.get("/metrics");
    if (signal.aborted) return intervalMs();
    if (seen.status === null) {
      // No metrics is no failure: daprd may not run yet, or run without them.
      if (seen.detail !== "ECONNREFUSED") return intervalMs();
      counter.processEnded();
      return options.closedIntervalMs;
    }
    if (seen.status !== 200) {
      reporter.failure(observer, `GET /metrics answered ${seen.status} ${seen.detail}`);
      return intervalMs();
    }
    const metrics = parseDaprMetrics(seen.body);
    if (metrics.deliveries.some(({ latencySumMs }) => latencySumMs === null)) {
      reporter.failure(observer, "there is no histogram of input binding latencies; ticks have latency 0");
    }
    for (const tick of counter.advance(metrics)) reporter.report({ type: "tick", container, ...tick });
    if (metrics.componentsMark !== componentsMark) {
      componentsMark = metrics.componentsMark;
      options.onComponentsInitialised();
    }
    return intervalMs();
  };
  await repeat(look, {
    pause,
    signal,
    intervalAfterErrorMs: intervalMs(),
    onError: (error) =>
      reporter.failure(observer, error instanceof Error ? error.message : String(error), "unreadable"),
  });
}
