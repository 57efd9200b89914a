import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { Deadline } from "../shared/clock.ts";
import { PLATFORM_ANSWER_HEADER } from "../platform/front-end/platform-answer.ts";
import type { PathSpelling } from "./path-spellings.ts";

/** `OPTIONS` is daprd's question whether the app wants a binding, `POST` its delivery (daprd.md §2). */
export type ProbeMethod = "OPTIONS" | "POST";

/** One request, and what came back. */
export interface RouteProbe {
  readonly method: ProbeMethod;
  /** The request target as it was sent. */
  readonly target: string;
  /** `null`: no HTTP answer, `failure` says why. */
  readonly status: number | null;
  readonly failure?: string;
  /** The platform answered in main's place, so nothing is known of main. */
  readonly byPlatform: boolean;
}

export interface ProbeOptions {
  readonly url: string;
  readonly answerWithinMs: number;
  readonly signal: AbortSignal;
}

/** The same path with a last segment that nobody has. */
export function besides(route: string): string {
  return `${route.slice(0, route.lastIndexOf("/"))}/${randomUUID()}`;
}

/** Sends exactly this target: neither normalised nor encoded nor redirected. Rejects only when the signal aborts. */
export async function probeRoute(
  method: ProbeMethod,
  spelling: PathSpelling,
  path: string,
  { url, answerWithinMs, signal }: ProbeOptions,
): Promise<RouteProbe> {
  signal.throwIfAborted();
  const target = spelling.spell(path);
  const deadline = Deadline.in(answerWithinMs);
  try {
    const { status, platform } = await send(
      method,
      target,
      url,
      AbortSignal.any([signal, deadline.signal()]),
    );
    return { method, target, status, byPlatform: platform };
  } catch (error) {
    signal.throwIfAborted();
    const failure = deadline.passed ? `no answer in ${answerWithinMs / 1000} s` : wordsOf(error);
    return { method, target, status: null, failure, byPlatform: false };
  }
}

function send(
  method: ProbeMethod,
  target: string,
  url: string,
  signal: AbortSignal,
): Promise<{ status: number; platform: boolean }> {
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      method,
      path: target,
      agent: false,
      signal,
      headers: { "content-type": "application/json", "content-length": "0", "user-agent": "sitecar" },
    });
    asking.once("error", reject);
    asking.once("response", (answer) => {
      resolve({
        status: answer.statusCode ?? 0,
        platform: answer.headers[PLATFORM_ANSWER_HEADER] !== undefined,
      });
      // Only the status counts; a long answer need not end.
      answer.destroy();
    });
    asking.end();
  });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
