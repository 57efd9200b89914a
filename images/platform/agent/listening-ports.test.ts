import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AgentReport } from "../../../harness/platform/agent-protocol.ts";
import { listen } from "../../../harness/platform/test-support/listening.ts";
import { watchListeningPorts } from "./listening-ports.ts";
import { CollectingReporter } from "./test-support/collecting-reporter.ts";

let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort());

test.runIf(process.platform === "linux")(
  "a socket is reported when it listens and when it does not any more, but not an ignored one",
  async () => {
    const ignored = createServer();
    const ignoredPort = await listen(ignored);
    const reporter = new CollectingReporter();
    const changed: number[] = [];
    const watching = watchListeningPorts({
      intervalMs: 5,
      reporter,
      signal: stop.signal,
      ignored: ({ port }) => port === ignoredPort,
      onChange: (port) => changed.push(port),
    });
    const server = createServer();
    const port = await listen(server);
    await reporter.seen((seen) => seen.type === "port" && seen.change === "opened" && seen.port === port);
    server.close();
    await reporter.seen((seen) => seen.type === "port" && seen.change === "closed" && seen.port === port);
    stop.abort();
    await watching;
    ignored.close();

    const ofPort = reporter.of("port").filter((report) => report.port === port);
    expect(ofPort.map(({ change, address }) => ({ change, address }))).toEqual([
      { change: "opened", address: "127.0.0.1" },
      { change: "closed", address: "127.0.0.1" },
    ]);
    expect(changed.filter((each) => each === port)).toHaveLength(2);
    expect(reporter.of("port").map((report) => report.port)).not.toContain(ignoredPort);
    expect(reporter.of("failure")).toEqual([]);
  },
);

test.runIf(process.platform === "linux")(
  "a socket that another one has replaced between two looks is reported as both",
  async () => {
    const reporter = new CollectingReporter();
    const watching = watchListeningPorts({
      intervalMs: 5,
      reporter,
      signal: stop.signal,
      ignored: () => false,
      onChange: () => undefined,
    });
    const first = createServer();
    const port = await listen(first);
    const isOpened = (report: AgentReport): boolean =>
      report.type === "port" && report.change === "opened" && report.port === port;
    await reporter.seen(isOpened);
    // In one turn, in which nobody looks.
    first.close();
    const second = createServer();
    await listen(second, port);
    await reporter.seen((report) => isOpened(report) && reporter.reports.filter(isOpened).length === 2);
    stop.abort();
    await watching;
    second.close();

    const ofPort = reporter.of("port").filter((report) => report.port === port);
    expect(ofPort.map(({ change }) => change)).toEqual(["opened", "closed", "opened"]);
  },
);
