import type { RecordedStop } from "../../contracts/run-record.ts";
import { showRule } from "../test-support/cases.ts";
import {
  blob,
  daprd,
  exited,
  goodMetricsAnd,
  metrics,
  opened,
  printed,
  STOP_MS,
  tick,
  type RecordParts,
} from "../test-support/record.ts";
import { answerNot200UnderRetry } from "./answer-not-200-under-retry.ts";
import { apiClosedBeforeHandler } from "./api-closed-before-handler.ts";
import { apiTokenMismatch } from "./api-token-mismatch.ts";
import { containerNotFound } from "./container-not-found.ts";
import { doubledTicks } from "./doubled-ticks.ts";
import { gracefulShutdownExceeded } from "./graceful-shutdown-exceeded.ts";
import { handlerFails } from "./handler-fails.ts";
import { handlerSlowerThanInterval } from "./handler-slower-than-interval.ts";
import { sdkGaveUp } from "./sdk-gave-up.ts";
import { shellIsPid1 } from "./shell-is-pid-1.ts";
import { sidecarHangs } from "./sidecar-hangs.ts";
import { sigtermIgnored } from "./sigterm-ignored.ts";
import { startLimit } from "./start-limit.ts";
import { waitLoopOnDeadSidecar } from "./wait-loop-on-dead-sidecar.ts";
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

showRule(handlerFails, {
  contract: "ticksDelivered",
  bad: {
    events: [tick(5500, 1, false)],
    lines: [
      daprd(
        5490,
        "debug",
        `${DELIVERY}fails to send binding event to http app channel, status code: 500 body: x`,
      ),
    ],
  },
  cause: /the handler of "batch" failed with 500; daprd does not try again/,
  quotes: /success=false[^]*status code: 500/,
  near: {
    "at the stop": {
      events: [tick(STOP_MS + 900, 1, false)],
      lines: [daprd(STOP_MS + 900, "debug", POST_EOF)],
    },
  },
});

showRule(handlerFails, {
  contract: "ticksDelivered",
  bad: {
    events: [tick(5500, 1, false)],
    lines: [
      daprd(
        5490,
        "debug",
        `${DELIVERY}error invoking app: Post "http://127.0.0.1:9000/.internal/batch": dial tcp 127.0.0.1:9000: connect: connection refused`,
      ),
    ],
  },
  cause: /main could not be reached when "batch" fired/,
  quotes: /connection refused/,
  near: {},
});

showRule(handlerSlowerThanInterval, {
  contract: "ticksDelivered",
  bad: { events: [tick(6500, 4, true, 3500)] },
  cause: /took up to 3\.5 s, longer than its interval of 1\.0 s: ticks overlap/,
  quotes: /latencyMs=3500[^]*@every 1s/,
  tries: [
    {
      kind: "component-key",
      container: "dapr",
      component: "batch",
      key: "metadata.schedule",
      value: "@every 7s",
    },
  ],
  near: { "just within": { events: [tick(6500, 4, true, 999)] } },
});

const posts = (status: string, value: number) =>
  metrics(["dapr_http_client_completed_count", { method: "POST", path: "/.internal/batch", status }, value])
    .samples;
showRule(answerNot200UnderRetry, {
  contract: "ticksDelivered",
  bad: {
    snapshot: { metrics: goodMetricsAnd(posts("204", 9)) },
    lines: [daprd(2500, "warning", "Error processing operation component[batch] input. Retrying in 100ms…")],
  },
  cause: /answers 204, which a retry policy takes for a failure: 12 posts for 3 ticks/,
  quotes: /204 × 9[^]*Retrying/,
  near: {
    "without posts again": {
      snapshot: {
        metrics: metrics(
          ["dapr_component_input_binding_count", { component: "batch", success: "true" }, 3],
          [
            "dapr_http_client_completed_count",
            { method: "POST", path: "/.internal/batch", status: "204" },
            3,
          ],
        ),
      },
    },
    "of a failure that is retried": { snapshot: { metrics: goodMetricsAnd(posts("500", 6)) } },
  },
});

const NOT_FOUND =
  "api error: code = OK desc = error invoking output binding blob: error uploading az blob: PUT https://shopstorage.blob.core.windows.net/container1/x.txt\n---\nRESPONSE 404: 404 The specified container does not exist.\nERROR CODE: ContainerNotFound\n---";
showRule(containerNotFound, {
  contract: "ticksHaveEffect",
  bad: {
    components: { "blob.yaml": blob({ disableEntityManagement: "true" }) },
    lines: [daprd(2500, "debug", NOT_FOUND)],
  },
  cause: /container1 does not exist, and with disableEntityManagement daprd does not create it/,
  quotes: /ContainerNotFound[^]*disableEntityManagement true/,
  tries: [
    {
      kind: "component-key",
      container: "dapr",
      component: "blob",
      key: "metadata.disableEntityManagement",
      value: "false",
    },
  ],
  near: {
    "of a blob that is not there": {
      lines: [
        daprd(
          2500,
          "debug",
          "api error: code = OK desc = error invoking output binding blob: blob not found",
        ),
      ],
    },
  },
});

showRule(doubledTicks, {
  contract: "firesOnce",
  bad: {
    events: [
      [
        2600,
        {
          type: "tick",
          container: "dapr",
          component: "batch",
          count: 1,
          success: true,
          latencyMs: 1,
          instance: "1-1",
        },
      ],
    ],
  },
  cause: /"batch" was fired by 2 instances/,
  quotes: /instance 0-1: 3 ticks[^]*instance 1-1: 1 ticks/,
  near: {},
});

const GAVE_UP = printed("main", 33_000, "Error: DAPR_SIDECAR_COULD_NOT_BE_STARTED");
const noDapr = (event: { readonly type: string; readonly container?: string }): boolean =>
  event.type === "tick" || event.container === "dapr" || event.type === "component.loaded";
showRule(sdkGaveUp, {
  contract: "nothingExits",
  symptom: 'container "main" exits (1)',
  bad: {
    without: noDapr,
    lines: [GAVE_UP],
    events: [
      [33_500, { type: "container.started", container: "dapr", plannedMs: 32_600, latenessMs: 1 }],
      opened(33_700, 3500, "dapr"),
      exited(33_050, "main", 1),
    ],
  },
  cause:
    /waited 30\.7 s, which can't be changed, and gave up: "dapr" was there only 31\.4 s after the client began/,
  quotes: /COULD_NOT_BE_STARTED[^]*port=3500/,
  near: {
    "of another error": { lines: [printed("main", 3000, "Error: connect ECONNREFUSED 127.0.0.1:3500")] },
  },
});

showRule(sdkGaveUp, {
  contract: "ticksDelivered",
  bad: { without: endOf("dapr"), lines: [GAVE_UP], events: [exited(1500, "dapr", 1)] },
  cause: /gave up: "dapr" had ended/,
  quotes: /exitCode=1/,
  near: {},
});

const TOKEN: RecordParts["containers"] = { dapr: { environment: { DAPR_API_TOKEN: "(masked)" } } };
showRule(apiTokenMismatch, {
  contract: "ticksDelivered",
  bad: { containers: TOKEN, lines: [GAVE_UP], snapshot: { metadata: null } },
  cause: /"dapr" wants an API token, and "main" has none/,
  quotes: /main has not[^]*COULD_NOT_BE_STARTED[^]*metadata refused/,
  tries: [{ kind: "environment", container: "main", name: "DAPR_API_TOKEN", value: { sameAs: "dapr" } }],
  near: {
    "without a token": { lines: [GAVE_UP] },
    "with the same token": {
      containers: { ...TOKEN, main: { environment: { DAPR_API_TOKEN: "(masked)" } } },
    },
    "of a sidecar that does not answer at all": {
      containers: TOKEN,
      lines: [GAVE_UP],
      snapshot: { health: null, metadata: null, metrics: null },
    },
  },
});

showRule(apiTokenMismatch, {
  contract: "ticksDelivered",
  bad: {
    containers: { ...TOKEN, main: { environment: { DAPR_API_TOKEN: "(masked)" } } },
    lines: [GAVE_UP],
    snapshot: { metadata: null },
  },
  cause: /and the one of "main" is another/,
  quotes: /main has one/,
  tries: [{ kind: "environment", container: "main", name: "DAPR_API_TOKEN", value: { sameAs: "dapr" } }],
  near: {},
});

showRule(sidecarHangs, {
  contract: "recovers",
  bad: { events: [[6000, { type: "container.paused", container: "dapr" }]] },
  cause: /"dapr" was frozen: it accepts connections and does not answer/,
  quotes: /container\.paused: container=dapr/,
  near: { "of another container": { events: [[6000, { type: "container.paused", container: "main" }]] } },
});

showRule(sidecarHangs, {
  contract: "siteStarts",
  bad: {
    events: [
      [
        6000,
        {
          type: "probe.changed",
          probe: "outbound",
          container: "dapr",
          status: null,
          detail: "no answer within 1000 ms",
        },
      ],
    ],
  },
  cause: /"dapr" accepts connections on 3500 and does not answer/,
  quotes: /no answer within/,
  near: {
    "of one that refuses": {
      events: [
        [
          6000,
          {
            type: "probe.changed",
            probe: "outbound",
            container: "dapr",
            status: null,
            detail: "ECONNREFUSED",
          },
        ],
      ],
    },
    "of a port that is closed": {
      events: [
        [5900, { type: "port.closed", port: 3500, address: "::" }],
        [
          6000,
          { type: "probe.changed", probe: "outbound", container: "dapr", status: null, detail: "no answer" },
        ],
      ],
    },
  },
});

const neverListened = (event: {
  readonly type: string;
  readonly port?: number;
  readonly state?: string;
}): boolean => event.type === "tick" || event.port === 9000 || event.state === "Started";
const deadEarly: RecordParts = {
  without: (event) => neverListened(event) || endOf("dapr")(event),
  events: [exited(6200, "dapr", 1)],
};
showRule(waitLoopOnDeadSidecar, {
  contract: "siteStarts",
  bad: {
    ...deadEarly,
    lines: [printed("main", 6300, "2026-11-24T18:43:51+00:00 waiting for the Dapr sidecar on port 3500")],
  },
  cause: /"main" ran for 19\.0 s without listening on its port: it waits for "dapr", which had ended/,
  quotes: /exitCode=1[^]*waiting for the Dapr sidecar/,
  near: {
    "when main listens": { without: endOf("dapr"), events: [exited(6200, "dapr", 1)] },
    "when the sidecar lives": { without: neverListened },
    "when main has ended, too": { ...deadEarly, events: [exited(6200, "dapr", 1), exited(6300, "main", 1)] },
  },
});

showRule(startLimit, {
  contract: "siteStarts",
  bad: {
    without: neverListened,
    events: [
      [
        19_000,
        {
          type: "platform.state",
          state: "Stopping",
          details: "CancellingStartup",
          lastError: "ContainerTimeout",
        },
      ],
    ],
  },
  cause: /main never opened its port 9000 within the start limit of 230 s/,
  quotes: /ContainerTimeout/,
  tries: [{ kind: "app-setting", name: "WEBSITES_CONTAINER_START_TIME_LIMIT", value: "1800" }],
  near: { "when main has ended": { without: neverListened, events: [exited(1200, "main", 1)] } },
});

showRule(startLimit, {
  contract: "siteStarts",
  bad: { without: neverListened, events: [opened(1400, 8080, "main")] },
  cause: /main listens on 8080, and the platform asks 9000/,
  quotes: /port=8080/,
  near: {},
});

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
