import { request } from "node:http";
import { Deadline } from "../shared/clock.ts";

/** What one of the platform's pings saw. */
export interface Ping {
  /** `null`: no HTTP answer. */
  readonly status: number | null;
  /** The status text, or why there was no answer. */
  readonly detail: string;
}

/** As App Service's pings call themselves (A2.6). */
const USER_AGENT = "HealthCheck/1.0";

/** One GET over its own connection; redirects are not followed (A2.8). Never rejects. */
export function ping(url: URL, timeoutMs: number, signal: AbortSignal): Promise<Ping> {
  const timeout = Deadline.in(timeoutMs).signal();
  return new Promise((resolve) => {
    const asked = request(
      url,
      { agent: false, headers: { "user-agent": USER_AGENT }, signal: AbortSignal.any([timeout, signal]) },
      (answer) => {
        answer.resume();
        answer.on("error", () => undefined); // The status is the answer; what becomes of the body is not asked.
        resolve({ status: answer.statusCode ?? null, detail: answer.statusMessage ?? "" });
      },
    );
    asked.on("error", (error) =>
      resolve({
        status: null,
        detail: timeout.aborted ? `no answer in ${timeoutMs} ms` : describe(error),
      }),
    );
    asked.end();
  });
}

/** A published port whose container does not listen is accepted by the engine's proxy and closed at once. */
function describe(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  return code === "ECONNRESET" ? "connection closed without an answer (ECONNRESET)" : code;
}
