import type { Exchange, WireBody, WireHeaders } from "../timeline/exchange.ts";
import type { EventOf, TimelineEvent } from "../timeline/events.ts";

export type {
  Exchange,
  ExchangeEnd,
  ExchangeTimes,
  GrpcCall,
  GrpcMessage,
  TapGap,
  WireBody,
  WireEnd,
  WireHeaders,
  WireRequest,
  WireResponse,
} from "../timeline/exchange.ts";

/** An exchange with the instance that it happened in. */
export interface SeenExchange extends Exchange {
  /** The wall time of its first byte, ISO 8601 in UTC. */
  readonly wall: string;
  /** `<worker>-<life>`. */
  readonly instance?: string;
}

/**
 * The exchanges of a run so far, each once, in the order of their first bytes. One that goes on is there as it was last told of.
 */
export function exchangesOf(events: readonly TimelineEvent[]): readonly SeenExchange[] {
  const latest = new Map<string, SeenExchange>();
  for (const event of events) {
    if (event.type !== "exchange" && event.type !== "exchange.open") continue;
    const seen = seenExchange(event);
    latest.set(`${seen.instance} ${seen.id}`, seen);
  }
  return [...latest.values()].toSorted((a, b) => a.times.startMs - b.times.startMs);
}

/** What an event tells of. */
export function seenExchange({
  exchange,
  instance,
  wall,
}: EventOf<"exchange" | "exchange.open">): SeenExchange {
  return { ...exchange, wall, ...(instance === undefined ? {} : { instance }) };
}

/** A header's first value; names are told apart without regard to case. */
export function headerOf(headers: WireHeaders, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([one]) => one.toLowerCase() === wanted)?.[1];
}

/** A body's bytes as far as they were kept. */
export function bytesOf({ text, base64 }: WireBody): Buffer {
  return base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64");
}
