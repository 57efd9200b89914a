import type { AgentDaprSidecar } from "../../../harness/platform/agent-protocol.ts";
import type { Look, LocalHttp } from "./local-http.ts";
import { repeat, type Pause } from "./pause.ts";
import type { Reporter } from "./report.ts";

const PATHS = { healthz: "/v1.0/healthz", outbound: "/v1.0/healthz/outbound" } as const;
const HEALTHY = 204;

export type HealthProbe = keyof typeof PATHS;

export interface DaprHealthOptions {
  readonly sidecar: AgentDaprSidecar;
  readonly probe: HealthProbe;
  readonly http: LocalHttp;
  /** While there is an answer other than 204, or a connection without one. */
  readonly intervalMs: number;
  /** While the answer is 204 or nothing listens: daprd logs every request when API logging is on, so a healthy one is asked seldom. */
  readonly healthyIntervalMs: number;
  /** Ended from outside when the port opens or closes. */
  readonly pause: Pause;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly onChange?: (look: Look) => void;
}

/** Probes one of daprd's health endpoints and reports each answer that differs from the one before. */
export async function watchDaprHealth(options: DaprHealthOptions): Promise<void> {
  const { sidecar, probe, http, pause, reporter, signal, onChange } = options;
  let last: string | undefined;
  const look = async (): Promise<number> => {
    const seen = await http.get(PATHS[probe]);
    const detail = seen.status === null || seen.body === "" ? seen.detail : seen.body.slice(0, 500);
    const answer = `${seen.status} ${detail}`;
    if (answer !== last && !signal.aborted) {
      last = answer;
      reporter.report({ type: "probe", container: sidecar.container, probe, status: seen.status, detail });
      onChange?.(seen);
    }
    // Where nothing listens, the port's opening ends the pause; asking on would only cost.
    const seldom = seen.status === HEALTHY || seen.detail === "ECONNREFUSED";
    return seldom ? options.healthyIntervalMs : options.intervalMs;
  };
  await repeat(look, {
    pause,
    signal,
    intervalAfterErrorMs: options.healthyIntervalMs,
    onError: (error) => reporter.failure(`${sidecar.container} ${probe}`, String(error)),
  });
}
