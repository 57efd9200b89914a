import type { Content, Entry, Har, Header, PostData, QueryString } from "har-format";
import { headerOf, type SeenExchange, type WireBody, type WireHeaders } from "./exchange.ts";

/** What HAR 1.2 has no place for; names that begin with `_` are for that. */
export interface SitecarEntry extends Entry {
  readonly _from: SeenExchange["from"];
  readonly _to: SeenExchange["to"];
  readonly _instance?: string;
  readonly _end: SeenExchange["end"];
  readonly _trailers?: WireHeaders;
  readonly _grpc?: SeenExchange["grpc"];
  /** Bodies whose end is not in the file, for they are longer than the tap keeps. */
  readonly _truncated?: readonly ("request" | "response")[];
}

/** Not measured, in HAR's words. */
const UNKNOWN = -1;

/**
 * Exchanges as an HTTP archive, HAR 1.2. One without an answer has the status 0, as browsers write it.
 * @param version sitecar's
 */
export function toHar(exchanges: readonly SeenExchange[], version: string): Har {
  return {
    log: {
      version: "1.2",
      creator: { name: "sitecar", version },
      entries: exchanges.map(entryOf),
    },
  };
}

function entryOf(exchange: SeenExchange): SitecarEntry {
  const { request, response, from, to, times, end, grpc, instance, connection, wall } = exchange;
  const httpVersion = exchange.protocol === "http/1.1" ? "HTTP/1.1" : "HTTP/2";
  const timings = timingsOf(times);
  const url = urlOf(exchange);
  const truncated = (["request", "response"] as const).filter((side) => exchange[side]?.body.truncated);
  const trailers = response?.trailers ?? [];
  const postData = postDataOf(request.body, request.headers);
  return {
    startedDateTime: wall,
    time: Object.values(timings).reduce((sum, part) => sum + Math.max(0, part), 0),
    request: {
      method: request.method,
      url,
      httpVersion,
      cookies: [],
      headers: headersOf(request.headers),
      queryString: queryOf(url),
      ...(postData === undefined ? {} : { postData }),
      headersSize: UNKNOWN,
      bodySize: request.body.size,
    },
    response: {
      status: response?.status ?? 0,
      statusText: response?.reason ?? "",
      httpVersion,
      cookies: [],
      headers: headersOf(response?.headers ?? []),
      content: contentOf(response?.body, response?.headers ?? []),
      redirectURL: headerOf(response?.headers ?? [], "location") ?? "",
      headersSize: UNKNOWN,
      bodySize: response?.body.size ?? UNKNOWN,
    },
    cache: {},
    timings,
    serverIPAddress: to.address,
    connection: String(connection),
    _from: from,
    _to: to,
    ...(instance === undefined ? {} : { _instance: instance }),
    _end: end,
    ...(trailers.length === 0 ? {} : { _trailers: trailers }),
    ...(grpc === undefined ? {} : { _grpc: grpc }),
    ...(truncated.length === 0 ? {} : { _truncated: truncated }),
  };
}

/** An answer can begin before its request has ended: then nothing was waited. */
function timingsOf({ startMs, requestEndMs, firstByteMs, endMs }: SeenExchange["times"]): Entry["timings"] {
  const sent = requestEndMs ?? firstByteMs ?? endMs ?? startMs;
  const answered = firstByteMs ?? endMs ?? sent;
  return {
    send: Math.max(0, Math.min(sent, answered) - startMs),
    wait: Math.max(0, answered - Math.min(sent, answered)),
    receive: Math.max(0, (endMs ?? answered) - answered),
  };
}

function urlOf({ request, to }: SeenExchange): string {
  const address = to.address.includes(":") ? `[${to.address}]` : to.address;
  const host = headerOf(request.headers, "host") ?? `${address}:${to.port}`;
  // CONNECT's is an authority, and OPTIONS can have a star.
  const path = request.path.startsWith("/") ? request.path : `/${request.path}`;
  return `http://${host}${path}`;
}

function headersOf(headers: WireHeaders): Header[] {
  return headers.map(([name, value]) => ({ name, value }));
}

function queryOf(url: string): QueryString[] {
  const at = url.indexOf("?");
  const query = at < 0 ? "" : url.slice(at + 1);
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}

function postDataOf({ size, text, base64 }: WireBody, headers: WireHeaders): PostData | undefined {
  if (size === 0) return undefined;
  return {
    mimeType: mimeTypeOf(headers),
    text: text ?? base64 ?? "",
    ...(base64 === undefined ? {} : { comment: "base64" }),
  };
}

function contentOf(body: WireBody | undefined, headers: WireHeaders): Content {
  const { size = 0, text, base64 } = body ?? {};
  return {
    size,
    mimeType: mimeTypeOf(headers),
    ...(text === undefined ? {} : { text }),
    ...(base64 === undefined ? {} : { text: base64, encoding: "base64" }),
  };
}

function mimeTypeOf(headers: WireHeaders): string {
  return headerOf(headers, "content-type") ?? "application/octet-stream";
}
