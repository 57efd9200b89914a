import { expect, it } from "vitest";
import { describeExchange, describeGap } from "./describe-exchange.ts";
import { seen } from "./test-support/seen.ts";

it("tells who asked whom what, and what came of it", () => {
  expect(describeExchange(seen())).toEqual({
    at: "+1.234568 s",
    who: "dapr → main:9000",
    what: "POST /.internal/batch?a=b",
    outcome: "200",
    took: "7.000 ms",
    size: "0 → 5 B",
    isBad: false,
  });
});

it("tells a call by its method and its status", () => {
  const call = {
    service: "dapr.proto.runtime.v1.Dapr",
    method: "InvokeBinding",
    requests: [],
    responses: [],
  };
  const of = (status: number) => describeExchange(seen({ protocol: "grpc", grpc: { ...call, status } }));
  expect(of(0)).toMatchObject({
    what: "gRPC dapr.proto.runtime.v1.Dapr/InvokeBinding",
    outcome: "OK",
    isBad: false,
  });
  expect(of(13)).toMatchObject({ outcome: "INTERNAL", isBad: true });
  expect(of(99)).toMatchObject({ outcome: "grpc-status 99" });
});

it.each([
  [{ how: "open" }, "no answer yet", false],
  [
    { how: "open", by: "from", detail: "the client has closed its side" },
    "no answer yet (the client has closed its side)",
    false,
  ],
  [{ how: "closed", by: "from" }, "closed by dapr", true],
  [{ how: "reset", by: "to", detail: "CANCEL" }, "reset by main (CANCEL)", true],
  [{ how: "unknown" }, "unknown", true],
] as const)("tells of an exchange without an answer: %o", (end, outcome, isBad) => {
  const { response: _response, ...rest } = seen({ end, times: { startMs: 1 } });
  expect(describeExchange(rest)).toMatchObject({ outcome, isBad, took: "", size: "0 → - B" });
});

it("tells of half an answer, and of one that goes on", () => {
  expect(describeExchange(seen({ end: { how: "reset", by: "to" } }))).toMatchObject({
    outcome: "200, reset by main",
  });
  expect(describeExchange(seen({ end: { how: "open" } }))).toMatchObject({ outcome: "200, goes on" });
});

it("tells of ends that nobody knows by their addresses", () => {
  const [from, to] = [
    { address: "::1", port: 40_000 },
    { address: "127.0.0.1", port: 7 },
  ];
  expect(describeExchange(seen({ from, to })).who).toBe("[::1] → 127.0.0.1:7");
  expect(describeGap({ reason: "unparsable", from, to, detail: "no HTTP" })).toBe(
    "unparsable, [::1] → 127.0.0.1:7: no HTTP",
  );
  expect(describeGap({ reason: "packets-lost", packets: 2, detail: "2 packets" })).toBe(
    "packets-lost: 2 packets",
  );
});
