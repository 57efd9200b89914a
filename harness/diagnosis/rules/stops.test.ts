import type { RecordedStop } from "../../contracts/run-record.ts";
import { showRule } from "../test-support/cases.ts";
import { daprd, exited, printed, STOP_MS, tick, type RecordParts } from "../test-support/record.ts";
import { apiClosedBeforeHandler } from "./api-closed-before-handler.ts";
import { graceEndsDaprdsShutdown } from "./grace-ends-daprds-shutdown.ts";
import { gracefulShutdownExceeded } from "./graceful-shutdown-exceeded.ts";
import { shellIsPid1 } from "./shell-is-pid-1.ts";
import { sigtermIgnored } from "./sigterm-ignored.ts";
import { workLostOnSigterm } from "./work-lost-on-sigterm.ts";

const DELIVERY = "error from app consumer for binding [batch]: ";

const POST_EOF = `${DELIVERY}error invoking app: Post "http://127.0.0.1:9000/.internal/batch": EOF`;

const killed = (container: string): RecordedStop => ({
  container,
  exitCode: 137,
  afterMs: 5050,
  killed: true,
  instance: "0-1",
});

const ended = (container: string, exitCode = 0): RecordedStop => ({
  container,
  exitCode,
  afterMs: 50,
  killed: false,
  instance: "0-1",
});

const endOf =
  (...containers: readonly string[]) =>
  (event: { readonly type: string; readonly container?: string }): boolean =>
    event.type === "container.exited" && containers.includes(event.container ?? "");

showRule(gracefulShutdownExceeded, {
  contract: "stopsGracefully",
  symptom: 'container "dapr" exits (1) at the stop',
  bad: {
    lines: [daprd(STOP_MS + 5000, "fatal", "Graceful shutdown timeout exceeded, forcing shutdown")],
    stopped: [ended("main"), ended("dapr", 1)],
  },
  cause: /a call was still under way when daprd's grace for it ended/,
  quotes: /Graceful shutdown timeout exceeded/,
  tries: [
    { kind: "daprd-flag", container: "dapr", flag: "dapr-graceful-shutdown-seconds", value: "60" },
    { kind: "app-setting", name: "WEBSITES_CONTAINER_STOP_TIME_LIMIT", value: "120" },
  ],
  near: {
    "of an infinite one": {
      lines: [
        daprd(1100, "warning", "Graceful shutdown timeout is infinite, will wait indefinitely to shutdown."),
      ],
    },
  },
});

showRule(apiClosedBeforeHandler, {
  contract: "stopsGracefully",
  bad: {
    lines: [
      printed(
        "main",
        STOP_MS + 900,
        "FetchError: request to http://127.0.0.1:3500/v1.0/bindings/blob failed, reason: connect ECONNREFUSED 127.0.0.1:3500",
      ),
    ],
  },
  cause: /called daprd, whose API had closed with SIGTERM/,
  quotes: /ECONNREFUSED 127\.0\.0\.1:3500/,
  tries: [{ kind: "daprd-flag", container: "dapr", flag: "dapr-block-shutdown-duration", value: "4s" }],
  near: {
    "before the stop": { lines: [printed("main", 3000, "connect ECONNREFUSED 127.0.0.1:3500")] },
    "of another port": { lines: [printed("main", STOP_MS + 900, "connect ECONNREFUSED 127.0.0.1:6379")] },
  },
});

showRule(workLostOnSigterm, {
  contract: "stopsGracefully",
  bad: { lines: [daprd(STOP_MS + 60, "debug", POST_EOF)], events: [tick(STOP_MS + 60, 4, false, 300)] },
  cause: /"main" ended on SIGTERM in the middle of a delivery/,
  quotes: /container=main[^]*EOF[^]*success=false/,
  near: {
    "of a tick after main's end": {
      lines: [
        daprd(STOP_MS + 900, "debug", `${DELIVERY}dial tcp 127.0.0.1:9000: connect: connection refused`),
      ],
      events: [tick(STOP_MS + 900, 4, false, 1)],
    },
    "of a main that was killed": {
      lines: [daprd(STOP_MS + 60, "debug", POST_EOF)],
      stopped: [killed("main"), ended("dapr")],
    },
  },
});

const KILLED: RecordParts = {
  without: endOf("dapr"),
  stopped: [ended("main"), killed("dapr")],
  events: [exited(STOP_MS + 5050, "dapr", 137, true)],
};

const RECEIVED = "Received signal 'terminated'; beginning shutdown";

showRule(graceEndsDaprdsShutdown, {
  contract: "stopsGracefully",
  symptom: 'container "dapr" killed at the end of the grace',
  bad: { ...KILLED, lines: [daprd(STOP_MS + 10, "info", RECEIVED)] },
  cause: /daprd got SIGTERM and still waited[^]*when the grace of 5 s ended/,
  quotes: /Received signal 'terminated'[^]*dapr: exit 137 after 5\.[01] s, by SIGKILL/,
  tries: [{ kind: "app-setting", name: "WEBSITES_CONTAINER_STOP_TIME_LIMIT", value: "120" }],
  near: {
    "of a signal that never came to it": KILLED,
    "of one that came before the stop": { ...KILLED, lines: [daprd(STOP_MS - 900, "info", RECEIVED)] },
    "of a main that was killed": {
      lines: [daprd(STOP_MS + 10, "info", RECEIVED)],
      stopped: [killed("main"), ended("dapr")],
    },
  },
});

showRule(shellIsPid1, {
  contract: "stopsGracefully",
  symptom: 'container "dapr" killed at the end of the grace',
  bad: KILLED,
  cause: /"dapr" went on as if nothing had happened for the 5 s after SIGTERM[^]*a shell/,
  quotes: /dapr: exit 137 after 5\.[01] s, by SIGKILL/,
  tries: [{ kind: "entrypoint-exec", container: "dapr" }],
  near: {
    "of the other container": { ...KILLED, stopped: [killed("main"), ended("dapr")] },
    "of a program that closed its port first": {
      ...KILLED,
      events: [[STOP_MS + 20, { type: "port.closed", port: 3500, address: "::", container: "dapr" }]],
    },
    "of a program that is no shell": { ...KILLED, containers: { dapr: { entrypoint: ["/daprd"] } } },
  },
});

showRule(sigtermIgnored, {
  contract: "stopsGracefully",
  symptom: 'container "dapr" killed at the end of the grace',
  bad: { ...KILLED, containers: { dapr: { entrypoint: ["/daprd"] } } },
  cause: /"dapr" did not end within the 5 s after SIGTERM, and no shell stands between/,
  quotes: /by SIGKILL/,
  tries: [{ kind: "app-setting", name: "WEBSITES_CONTAINER_STOP_TIME_LIMIT", value: "120" }],
  near: {
    "of what may be a shell": KILLED,
    "of a script": { ...KILLED, containers: { dapr: { entrypoint: ["bash", "-c", "daprd"] } } },
  },
});
