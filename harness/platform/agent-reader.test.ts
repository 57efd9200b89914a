import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Deadline } from "../shared/clock.ts";
import type { TimelineEvent } from "../timeline/events.ts";
import type { Exchange, TapGap } from "../timeline/exchange.ts";
import { Timeline } from "../timeline/timeline.ts";
import type { AgentReport } from "./agent-protocol.ts";
import { AgentReader } from "./agent-reader.ts";
import { smallPlan } from "./test-support/small-plan.ts";

const WALL_MS = Date.parse("2026-01-02T03:04:05.678Z");

type WithoutWall<T> = T extends unknown ? Omit<T, "wallMs"> : never;

function line(report: WithoutWall<AgentReport>): string {
  return `${JSON.stringify({ wallMs: WALL_MS, ...report })}\n`;
}

function happenings(timeline: Timeline): object[] {
  return timeline.events.map(withoutStamps);
}

function withoutStamps({ seq: _seq, tMs: _tMs, wall: _wall, ...happening }: TimelineEvent): object {
  return happening;
}

function read(...lines: string[]): Timeline {
  const timeline = new Timeline();
  const reader = new AgentReader({ plan: smallPlan(), timeline });
  for (const each of lines) reader.write(each);
  reader.end();
  return timeline;
}

function port(number: number, change: "opened" | "closed"): string {
  return line({ type: "port", change, port: number, address: "::" });
}

function set(container: string, ...names: string[]): string {
  return line({ type: "components", container, components: names.map((name) => ({ name, type: "t" })) });
}

describe("reports become events", () => {
  test("exchanges and what was not seen of the wire, in the run's time", () => {
    const exchange: Exchange = {
      id: 1,
      connection: 1,
      stream: 1,
      protocol: "grpc",
      from: { address: "127.0.0.1", port: 40_000 },
      to: { container: "dapr", address: "127.0.0.1", port: 50_001 },
      times: { startMs: WALL_MS, requestEndMs: WALL_MS + 1, firstByteMs: WALL_MS + 2.5, endMs: WALL_MS + 3 },
      request: { method: "POST", path: "/a.B/C", headers: [], body: { size: 5, truncated: false } },
      grpc: {
        service: "a.B",
        method: "C",
        requests: [{ atMs: WALL_MS + 0.25, size: 0 }],
        responses: [{ atMs: WALL_MS + 2.75, size: 0 }],
      },
      end: { how: "open" },
    };
    const gap: TapGap = { reason: "packets-lost", packets: 2, detail: "2 packets" };
    const timeline = read(
      line({ type: "tap" }),
      line({ type: "exchange", open: true, exchange }),
      line({ type: "exchange", open: false, exchange }),
      line({ type: "gap", gap }),
    );
    const [, open, ended] = timeline.events;
    if (open?.type !== "exchange.open" || ended?.type !== "exchange") throw new Error("no exchange");
    expect(timeline.events.map(({ type }) => type)).toEqual([
      "tap.began",
      "exchange.open",
      "exchange",
      "tap.gap",
    ]);
    expect(withoutStamps(timeline.events[3] ?? open)).toEqual({ type: "tap.gap", gap });
    const { startMs, ...times } = ended.exchange.times;
    expect(startMs).toBeCloseTo(ended.tMs, 2);
    const after = (ms: number): unknown => expect.closeTo(startMs + ms, 2);
    expect(times).toEqual({ requestEndMs: after(1), firstByteMs: after(2.5), endMs: after(3) });
    const { requests, responses } = ended.exchange.grpc ?? { requests: [], responses: [] };
    expect([...requests, ...responses]).toEqual([
      { atMs: after(0.25), size: 0 },
      { atMs: after(2.75), size: 0 },
    ]);
    expect(open.exchange).toEqual(ended.exchange);
  });

  test("at the time the agent saw them", () => {
    const timeline = read(line({ type: "ready" }));
    expect(happenings(timeline)).toEqual([{ type: "phase", name: "platform ready" }]);
    expect(timeline.events[0]?.wall).toBe("2026-01-02T03:04:05.678Z");
  });

  test("ports carry the container that the plan gives them to", () => {
    const timeline = read(
      ...[9000, 3500, 50_001, 9090, 7000, 2222].map((number) => port(number, "opened")),
      port(3500, "closed"),
    );
    expect(happenings(timeline)).toEqual([
      { type: "port.opened", port: 9000, address: "::", container: "main" },
      { type: "port.opened", port: 3500, address: "::", container: "dapr" },
      { type: "port.opened", port: 50_001, address: "::", container: "dapr" },
      { type: "port.opened", port: 9090, address: "::", container: "dapr" },
      { type: "port.opened", port: 7000, address: "::", container: "cache" },
      { type: "port.opened", port: 2222, address: "::" },
      { type: "port.closed", port: 3500, address: "::", container: "dapr" },
    ]);
  });

  test("probes and ticks as they are", () => {
    const probe = { container: "dapr", probe: "healthz", status: null, detail: "ECONNREFUSED" } as const;
    const tick = { container: "dapr", component: "batch", count: 3, success: true, latencyMs: 21.5 } as const;
    expect(happenings(read(line({ type: "probe", ...probe }), line({ type: "tick", ...tick })))).toEqual([
      { type: "probe.changed", ...probe },
      { type: "tick", ...tick },
    ]);
  });

  test("a set of components becomes what was loaded and what is gone, per container", () => {
    const timeline = read(set("dapr", "a", "b"), set("other", "a"), set("dapr", "b", "c"), set("dapr"));
    const told = timeline.events.map((event) =>
      event.type === "component.loaded" || event.type === "component.gone"
        ? `${event.type} ${event.container} ${event.component} ${event.componentType}`
        : event.type,
    );
    expect(told).toEqual([
      "component.loaded dapr a t",
      "component.loaded dapr b t",
      "component.loaded other a t",
      "component.gone dapr a t",
      "component.loaded dapr c t",
      "component.gone dapr b t",
      "component.gone dapr c t",
    ]);
  });

  test("identity requests with resource and version named", () => {
    const request = { status: 401, path: "/msi/token", headerMatched: false, userAgent: "azsdk-go" };
    const parameters = { "api-version": "2019-08-01", resource: "https://storage.azure.com" };
    expect(happenings(read(line({ type: "identity", ...request, parameters })))).toEqual([
      {
        type: "identity.requested",
        ...request,
        parameters,
        resource: "https://storage.azure.com",
        apiVersion: "2019-08-01",
      },
    ]);
  });

  test("requests to storage that a fault has met", () => {
    const request = {
      host: "a.blob.core.windows.net",
      method: "PUT",
      path: "/box/b",
      what: "answered 503 ServerBusy",
    };
    expect(happenings(read(line({ type: "storage", ...request })))).toEqual([
      { type: "storage.request-failed", ...request },
    ]);
  });
});

describe("nothing is lost", () => {
  test.each([
    ["no JSON", "SyntaxError: oh dear\n"],
    ["an unknown type", `{"wallMs":1,"type":"surprise"}\n`],
    [
      "a field of the wrong kind",
      `{"wallMs":1,"type":"port","change":"opened","port":"80","address":"::"}\n`,
    ],
    ["no time", `{"type":"ready"}\n`],
    ["an unfinished last line", `{"wallMs":1,"ty`],
  ])("%s is an observer.failed with the line", (_, text) => {
    expect(happenings(read(text))).toEqual([
      { type: "observer.failed", observer: "platform agent", detail: `unreadable line: ${text.trimEnd()}` },
    ]);
  });

  test("the agent's own failures too", () => {
    expect(happenings(read(line({ type: "failure", observer: "dapr metrics", detail: "why" })))).toEqual([
      { type: "observer.failed", observer: "platform agent: dapr metrics", detail: "why" },
    ]);
  });

  test("wherever the output is cut into chunks, it reads the same", () => {
    const component = "bätch-✓";
    const tick = (count: number) =>
      line({ type: "tick", container: "dapr", component, count, success: true, latencyMs: 1 });
    const bytes = Buffer.from(line({ type: "ready" }) + tick(1) + tick(2));
    const whole = happenings(read(bytes.toString()));
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (places) => {
        const timeline = new Timeline();
        const reader = new AgentReader({ plan: smallPlan(), timeline });
        const cuts = [0, ...places.toSorted((a, b) => a - b), bytes.length];
        for (const [at, cut] of cuts.entries()) reader.write(bytes.subarray(cuts[at - 1] ?? 0, cut));
        reader.end();
        expect(happenings(timeline)).toEqual(whole);
      }),
    );
  });
});

function start(): AgentReader {
  return new AgentReader({ plan: smallPlan(), timeline: new Timeline() });
}

describe("waiting until the agent is ready", () => {
  test("resolves when it is, also when it already was", async () => {
    const reader = start();
    const waiting = reader.waitUntilReady({ deadline: Deadline.in(10_000) });
    reader.write(line({ type: "ready" }));
    await expect(waiting).resolves.toBeUndefined();
    await expect(reader.waitUntilReady({ deadline: Deadline.in(10_000) })).resolves.toBeUndefined();
  });

  test("an agent that ends first fails it with what it said", async () => {
    const reader = start();
    const waiting = reader.waitUntilReady({ deadline: Deadline.in(10_000) });
    reader.write(line({ type: "failure", observer: "agent", detail: "ip: Operation not permitted" }));
    reader.end();
    await expect(waiting).rejects.toMatchObject({
      code: "PLATFORM_FAILED",
      message: expect.stringMatching(/ended before it was ready[^]*Operation not permitted/),
    });
  });

  test("the deadline and the caller's signal end it", async () => {
    await expect(start().waitUntilReady({ deadline: Deadline.in(20) })).rejects.toThrow("not ready in");
    const signal = AbortSignal.abort(new Error("Ctrl-C"));
    await expect(start().waitUntilReady({ deadline: Deadline.in(10_000), signal })).rejects.toMatchObject({
      code: "PLATFORM_FAILED",
      message: expect.stringContaining("the run was stopped"),
    });
  });
});
