import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { Deadline } from "../shared/clock.ts";
import type { ActualRequest, ActualResponse } from "./pact-file.ts";
import type { Ask } from "./verification.ts";

export interface AskOverHttpOptions {
  /** For one answer. Default 30 s: what daprd leaves a call to storage is longer than ten. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 30_000;

/**
 * Puts requests to `url`, with the headers as they are given, but `Host`, which is the URL's, and `Content-Length`, which is the
 * body's. Neither redirects nor encodings are followed, as daprd follows none.
 */
export function askOverHttp(url: string, options: AskOverHttpOptions = {}): Ask {
  return async (asked) => {
    const deadline = Deadline.in(options.timeoutMs ?? TIMEOUT_MS);
    const signal =
      options.signal === undefined ? deadline.signal() : AbortSignal.any([options.signal, deadline.signal()]);
    return await send(new URL(url), asked, signal);
  };
}

async function send(base: URL, asked: ActualRequest, signal: AbortSignal): Promise<ActualResponse> {
  const headers = asked.headers
    .filter(([name]) => !["host", "content-length"].includes(name.toLowerCase()))
    .flatMap(([name, value]) => [name, value]);
  const hasBody = asked.body.length > 0 || !["GET", "HEAD", "OPTIONS"].includes(asked.method);
  const sent = request({
    host: base.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: base.port === "" ? 80 : Number(base.port),
    method: asked.method,
    path: asked.path,
    headers: [
      "Host",
      base.host,
      ...headers,
      ...(hasBody ? ["Content-Length", String(asked.body.length)] : []),
    ],
    signal,
    agent: false,
  });
  const response = new Promise<ActualResponse>((resolve, reject) => {
    sent.once("error", reject);
    sent.once("response", (answer) => {
      buffer(answer).then(
        (body) => resolve({ status: answer.statusCode ?? 0, headers: pairsOf(answer.rawHeaders), body }),
        reject,
      );
    });
  });
  sent.end(asked.body);
  return await response;
}

/** Node's flat list of names and values, as pairs. */
export function pairsOf(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []));
}
