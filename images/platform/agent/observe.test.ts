import { createServer } from "node:net";
import { expect, test } from "vitest";
import { listen } from "../../../harness/platform/test-support/listening.ts";
import { listeningOfSite, Observation } from "./observe.ts";
import { TakenPorts } from "./taken-ports.ts";
import { CollectingReporter } from "./test-support/collecting-reporter.ts";

const CONFIGURATION = {
  identity: null,
  storage: null,
  tap: null,
  daprSidecars: [],
  portsIntervalMs: 5,
  healthIntervalMs: 5,
  healthyIntervalMs: 5,
  metricsIntervalMs: 5,
};

test.runIf(process.platform === "linux")(
  "an observation that is begun anew tells again what it told before, and one that has ended tells nothing",
  async () => {
    const reporter = new CollectingReporter();
    const failures: unknown[] = [];
    const observation = new Observation(CONFIGURATION, {
      reporter,
      takenPorts: new TakenPorts(),
      onFailure: (error) => failures.push(error),
    });
    const server = createServer();
    const port = await listen(server);
    const opened = (): number =>
      reporter.of("port").filter((one) => one.port === port && one.change === "opened").length;
    observation.begin();
    await reporter.seen((seen) => seen.type === "port" && seen.port === port);
    await observation.end();
    expect(opened()).toBe(1);
    expect(listeningOfSite(CONFIGURATION).map((socket) => socket.port)).toContain(port);

    const told = reporter.of("port").length;
    observation.begin();
    await reporter.seen(() => opened() === 2);
    expect(reporter.of("port").length).toBeGreaterThan(told);
    await observation.end();

    const before = reporter.of("port").length;
    server.close();
    expect(listeningOfSite(CONFIGURATION).map((socket) => socket.port)).not.toContain(port);
    expect(reporter.of("port")).toHaveLength(before);
    expect(failures).toEqual([]);
  },
);
