import { describe, expect, it } from "vitest";
import { Timeline } from "../timeline/timeline.ts";
import { bytesOf, exchangesOf, headerOf, type Exchange } from "./exchange.ts";

const exchange = (id: number, startMs: number, how: Exchange["end"]["how"] = "answered"): Exchange => ({
  id,
  connection: 1,
  stream: id,
  protocol: "http/1.1",
  from: { container: "dapr", address: "127.0.0.1", port: 40_000 },
  to: { container: "main", address: "127.0.0.1", port: 9000 },
  times: { startMs },
  request: { method: "POST", path: "/batch", headers: [], body: { size: 0, truncated: false } },
  end: { how },
});

describe("exchangesOf", () => {
  it("tells each once, as it was told last, in the order of their beginnings", () => {
    const timeline = new Timeline();
    timeline.record({ type: "exchange.open", exchange: exchange(1, 10, "open") }, undefined, "0-1");
    timeline.record({ type: "exchange", exchange: exchange(2, 20) }, undefined, "0-1");
    timeline.record({ type: "exchange", exchange: exchange(3, 5) }, undefined, "0-1");
    timeline.record({ type: "exchange", exchange: exchange(1, 10) }, undefined, "0-1");
    const seen = exchangesOf(timeline.events);
    expect(seen.map(({ id, end }) => [id, end.how])).toEqual([
      [3, "answered"],
      [1, "answered"],
      [2, "answered"],
    ]);
  });

  it("tells apart those of different instances", () => {
    const timeline = new Timeline();
    timeline.record({ type: "exchange", exchange: exchange(1, 1) }, undefined, "0-1");
    timeline.record({ type: "exchange", exchange: exchange(1, 2) }, undefined, "1-1");
    expect(exchangesOf(timeline.events).map(({ instance }) => instance)).toEqual(["0-1", "1-1"]);
  });
});

it("finds a header whatever its case", () => {
  expect(headerOf([["Content-Type", "text/plain"]], "content-type")).toBe("text/plain");
  expect(headerOf([], "content-type")).toBeUndefined();
});

it("gives a body's bytes, text or not", () => {
  expect(bytesOf({ size: 2, truncated: false, text: "é" })).toEqual(Buffer.from([0xc3, 0xa9]));
  expect(bytesOf({ size: 2, truncated: false, base64: "/wA=" })).toEqual(Buffer.from([0xff, 0x00]));
  expect(bytesOf({ size: 0, truncated: false })).toEqual(Buffer.alloc(0));
});
