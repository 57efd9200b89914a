import type { TwinRequest } from "./answer.ts";
import { notCovered } from "./not-covered.ts";

/**
 * What daprd makes of a request's trace headers: they are in the answer and in a blob's metadata. Without one it is all zeros;
 * daprd samples one request in ten thousand and then gives it an id, the twin none.
 */
export interface Trace {
  readonly traceparent: string;
  readonly tracestate?: string;
  readonly baggage?: string;
}

const NO_TRACE = "00-00000000000000000000000000000000-0000000000000000-00";

const TRACEPARENT = /^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-0[01]$/;
const STATE_MEMBER = /^[a-z][a-z\d_*/-]*=[\x21-\x2b\x2d-\x3c\x3e-\x7e]+$/;
const BAGGAGE_MEMBER = /^[\w.!#$%&'*+^`|~-]+=[\w.!#$&'()*+/:<=>?@[\]^`{|}~-]*$/;

/** @throws {SitecarError} TWIN_NOT_COVERED for headers of which it is not known what becomes of them. */
export function traceOf({ headers }: Pick<TwinRequest, "headers">): Trace {
  const baggage = headers.get("baggage");
  if (baggage !== undefined && !BAGGAGE_MEMBER.test(baggage)) {
    throw notCovered({
      what: `the header "baggage: ${baggage}"`,
      instead: "send one member <key>=<value> without blanks and properties.",
    });
  }
  const carried = baggage === undefined ? {} : { baggage };
  const traceparent = headers.get("traceparent");
  if (traceparent === undefined || !TRACEPARENT.test(traceparent))
    return { traceparent: NO_TRACE, ...carried };
  const tracestate = headers.get("tracestate");
  if (tracestate === undefined) return { traceparent, ...carried };
  if (!STATE_MEMBER.test(tracestate)) {
    throw notCovered({
      what: `the header "tracestate: ${tracestate}"`,
      instead: "send one member <key>=<value>.",
    });
  }
  return { traceparent, tracestate, ...carried };
}

/** Of every answer but those of paths with `/healthz`. */
export function traceHeaders({ traceparent, tracestate, baggage }: Trace): (readonly [string, string])[] {
  return [
    ["Traceparent", traceparent],
    ...(tracestate === undefined ? [] : [["Tracestate", tracestate] as const]),
    ...(baggage === undefined ? [] : [["Baggage", baggage] as const]),
  ];
}
