import { request } from "node:https";

export interface HttpsAnswerOptions {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly servername: string;
  /** The only authority that is trusted. */
  readonly authorityPem: string;
  readonly signal: AbortSignal;
}

/**
 * Resolves with the HTTP status when a server whose certificate is valid for `servername` answered a request, whatever
 * it answered; rejects with the reason else. A finished handshake alone does not prove that requests are served.
 */
export function httpsAnswer({ port, servername, authorityPem, signal }: HttpsAnswerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, servername, ca: authorityPem, agent: false, signal },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
        asked.destroy();
      },
    );
    asked.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    asked.end();
  });
}
