import type { SeenExchange } from "../exchange.ts";

/** daprd's tick of the example, with what differs. */
export function seen(more: Partial<SeenExchange> = {}): SeenExchange {
  return {
    id: 1,
    connection: 3,
    stream: 1,
    protocol: "http/1.1",
    wall: "2026-11-23T11:19:27.954Z",
    instance: "0-1",
    from: { container: "dapr", address: "127.0.0.1", port: 40_000 },
    to: { container: "main", address: "127.0.0.1", port: 9000 },
    times: { startMs: 1234.5678, requestEndMs: 1235, firstByteMs: 1240, endMs: 1241.5678 },
    request: {
      method: "POST",
      path: "/.internal/batch?a=b",
      headers: [
        ["Host", "127.0.0.1:9000"],
        ["Content-Type", "application/json"],
      ],
      body: { size: 0, truncated: false },
    },
    response: {
      status: 200,
      reason: "OK",
      headers: [["content-type", "text/plain"]],
      body: { size: 5, truncated: false, text: "hello" },
      trailers: [],
    },
    end: { how: "answered" },
    ...more,
  };
}
