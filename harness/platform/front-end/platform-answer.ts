import type { OutgoingHttpHeaders } from "node:http";
import type { FrontEndSite } from "./front-end-site.ts";

/** Set on every answer that is the platform's own and not main's. */
export const PLATFORM_ANSWER_HEADER = "x-sitecar-answer";

/** An answer of the platform itself. */
export interface PlatformAnswer {
  readonly status: 403 | 502 | 503 | 504;
  /** The status line's words and the page's heading. */
  readonly title: string;
  /** One word for programs, in {@link PLATFORM_ANSWER_HEADER}: a state, or what went wrong with main. */
  readonly reason: string;
  /** A sentence. */
  readonly explanation: string;
  readonly retryAfterSeconds?: number;
}

/** How long a client may wait before it asks a site again that is still starting. */
const RETRY_AFTER_STARTING_SECONDS = 5;

/** While no worker is warm: what the site is doing. */
export function siteUnavailable(
  { name, state, explanation }: FrontEndSite,
  stoppedStatus: 403 | 503 = 503,
): PlatformAnswer {
  const stopped = state === "Stopped";
  const status = stopped ? stoppedStatus : 503;
  return {
    status,
    title: status === 403 ? "Site Disabled" : "Service Unavailable",
    reason: state,
    explanation: `The site ${name} is ${state}. ${explanation}`.trim(),
    ...(state === "Starting" || state === "Started"
      ? { retryAfterSeconds: RETRY_AFTER_STARTING_SECONDS }
      : {}),
  };
}

/** Main refused the connection, or ended it before an answer. */
export function workerFailed(detail: string): PlatformAnswer {
  return {
    status: 502,
    title: "Bad Gateway",
    reason: "worker-failed",
    explanation: `Main gave no answer: ${detail}.`,
  };
}

/** No byte passed in either direction for the idle limit. */
export function idleTooLong(idleMs: number): PlatformAnswer {
  return {
    status: 504,
    title: "GatewayTimeout",
    reason: "idle",
    explanation: `No byte passed in either direction for ${idleMs / 1000} s, the front end's idle limit.`,
  };
}

export interface RenderedAnswer {
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** As a page for browsers, JSON for those that ask for it, text for everyone else. */
export function renderAnswer(answer: PlatformAnswer, accept: string | undefined): RenderedAnswer {
  const [type, body] = bodyOf(answer, accept ?? "");
  return {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-store",
      [PLATFORM_ANSWER_HEADER]: answer.reason,
      ...(answer.retryAfterSeconds === undefined ? {} : { "retry-after": String(answer.retryAfterSeconds) }),
    },
    body,
  };
}

function bodyOf(answer: PlatformAnswer, accept: string): readonly [type: string, body: string] {
  const { status, title, reason, explanation } = answer;
  if (/\btext\/html\b/i.test(accept)) return ["text/html", page(answer)];
  if (/\bapplication\/(?:[\w.-]+\+)?json\b/i.test(accept)) {
    return ["application/json", `${JSON.stringify({ status, title, reason, explanation })}\n`];
  }
  return ["text/plain", `${status} ${title}\n${explanation}\n`];
}

function page({ status, title, explanation }: PlatformAnswer): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${status} ${title}</title>
<h1>${status} ${title}</h1>
<p>${escaped(explanation)}</p>
<p><small>Answered by sitecar's front end, not by the site.</small></p>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
