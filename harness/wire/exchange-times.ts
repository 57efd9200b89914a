import type { Exchange, ExchangeTimes, GrpcMessage } from "../timeline/exchange.ts";

/** The same exchange with its times by another clock. @param at the time by the other clock, in milliseconds. */
export function exchangeAt(exchange: Exchange, at: (ms: number) => number): Exchange {
  const rounded = (ms: number): number => Math.round(at(ms) * 1000) / 1000;
  const { times, grpc } = exchange;
  return {
    ...exchange,
    times: timesAt(times, rounded),
    ...(grpc === undefined
      ? {}
      : {
          grpc: {
            ...grpc,
            requests: messagesAt(grpc.requests, rounded),
            responses: messagesAt(grpc.responses, rounded),
          },
        }),
  };
}

function timesAt(times: ExchangeTimes, at: (ms: number) => number): ExchangeTimes {
  const { startMs, requestEndMs, firstByteMs, endMs } = times;
  return {
    startMs: at(startMs),
    ...(requestEndMs === undefined ? {} : { requestEndMs: at(requestEndMs) }),
    ...(firstByteMs === undefined ? {} : { firstByteMs: at(firstByteMs) }),
    ...(endMs === undefined ? {} : { endMs: at(endMs) }),
  };
}

function messagesAt(messages: readonly GrpcMessage[], at: (ms: number) => number): readonly GrpcMessage[] {
  return messages.map((message) => ({ ...message, atMs: at(message.atMs) }));
}
