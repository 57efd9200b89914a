import { showRule } from "../test-support/cases.ts";
import { exited, opened, printed, STOP_MS, type RecordParts } from "../test-support/record.ts";
import { apiTokenMismatch } from "./api-token-mismatch.ts";
import { sdkGaveUp } from "./sdk-gave-up.ts";
import { sidecarHangs } from "./sidecar-hangs.ts";
import { startLimit } from "./start-limit.ts";
import { waitLoopOnDeadSidecar } from "./wait-loop-on-dead-sidecar.ts";

const endOf =
  (...containers: readonly string[]) =>
  (event: { readonly type: string; readonly container?: string }): boolean =>
    event.type === "container.exited" && containers.includes(event.container ?? "");

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

const AWAITS = "2026-11-25T02:16:17.070Z INFO [HTTPClient, HTTPClient] Awaiting Sidecar to be Started";

showRule(apiTokenMismatch, {
  contract: "ticksDelivered",
  symptom: 'ticks of "batch" overlap',
  bad: {
    containers: { ...TOKEN, main: { environment: { DAPR_API_TOKEN: "(masked)" } } },
    lines: [printed("main", 1_500, AWAITS), printed("main", 4_000, AWAITS)],
    // As every daprd is after the stop.
    events: [
      [
        STOP_MS + 500,
        { type: "probe.changed", probe: "healthz", container: "dapr", status: null, detail: "ECONNREFUSED" },
      ],
    ],
  },
  cause: /and the one of "main" is another/,
  quotes: /main has one[^]*Awaiting Sidecar/,
  tries: [{ kind: "environment", container: "main", name: "DAPR_API_TOKEN", value: { sameAs: "dapr" } }],
  near: {
    "of a client that had no time to be answered": {
      containers: { ...TOKEN, main: { environment: { DAPR_API_TOKEN: "(masked)" } } },
      lines: [printed("main", 1_500, AWAITS)],
    },
    "of a daprd that was not well": {
      containers: { ...TOKEN, main: { environment: { DAPR_API_TOKEN: "(masked)" } } },
      lines: [printed("main", 4_000, AWAITS)],
      events: [
        [1_600, { type: "probe.changed", probe: "healthz", container: "dapr", status: 500, detail: "no" }],
      ],
    },
  },
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
