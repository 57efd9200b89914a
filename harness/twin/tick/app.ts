import { request as sendRequest } from "node:http";
import { text } from "node:stream/consumers";

import type { AppRequest } from "./app-request.ts";

/** A function that answers a Request, such as Hono's `app.fetch`. */
export type FetchLike = (request: Request) => Response | Promise<Response>;

/** Where the app is: its address, or the app itself without a server. */
export type TickTarget = string | URL | FetchLike | { readonly fetch: FetchLike };

/** What became of one request; `status` is null when there was no answer. */
export type AppAnswer =
  { readonly status: number; readonly body: string } | { readonly status: null; readonly reason: string };

export interface AppChannel {
  /** For the header `Host`. */
  readonly host: string;
  send(request: AppRequest, signal?: AbortSignal): Promise<AppAnswer>;
}

/** daprd's way to the app. @param host of an app without a server. */
export function channelTo(target: TickTarget, host: string): AppChannel {
  if (typeof target === "function")
    return { host, send: (request, signal) => ask(target, host, request, signal) };
  if (typeof target === "string" || target instanceof URL) {
    const origin = new URL(target);
    return { host: origin.host, send: (request, signal) => sendOver(origin, request, signal) };
  }
  // `this` is the app's.
  const fetch: FetchLike = (request) => target.fetch(request);
  return { host, send: (request, signal) => ask(fetch, host, request, signal) };
}

/** With exactly the given headers, which fetch would not let us. */
function sendOver(
  origin: URL,
  { method, target, headers }: AppRequest,
  signal?: AbortSignal,
): Promise<AppAnswer> {
  return new Promise((resolve) => {
    const onError = (error: Error): void => resolve({ status: null, reason: reasonOf(error) });
    const asked = sendRequest(
      {
        host: origin.hostname.replace(/^\[(.*)\]$/, "$1"),
        port: origin.port === "" ? 80 : Number(origin.port),
        method,
        path: target,
        headers: headers.flat(),
        setDefaultHeaders: false,
        agent: false,
        ...(signal === undefined ? {} : { signal }),
      },
      (answer) => {
        text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), onError);
      },
    );
    asked.on("error", onError);
    asked.end();
  });
}

async function ask(
  fetch: FetchLike,
  host: string,
  request: AppRequest,
  signal?: AbortSignal,
): Promise<AppAnswer> {
  const { method, target, headers } = request;
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const answered = (async () =>
      await fetch(
        new Request(`http://${host}${target}`, {
          method,
          headers: headers.map(([name, value]): [string, string] => [name, value]),
        }),
      ))();
    const response = await Promise.race([answered, aborted.promise]);
    return { status: response.status, body: await response.text() };
  } catch (error) {
    // As a connection that breaks off.
    return { status: null, reason: reasonOf(error) };
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError") return "no answer in time";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
