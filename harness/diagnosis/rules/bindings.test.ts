import { expect, it } from "vitest";
import { diagnose } from "../diagnose.ts";
import { broken, showRule } from "../test-support/cases.ts";
import {
  questioned,
  blob,
  cron,
  daprd,
  exited,
  GOOD_SNAPSHOT,
  goodMetricsAnd,
  metrics,
  opened,
  runRecord,
  type RecordParts,
} from "../test-support/record.ts";
import { appHealthFlips } from "./app-health-flips.ts";
import { appNeverFound } from "./app-never-found.ts";
import { optionsAbortsOthers } from "./options-aborts-others.ts";
import { optionsAnswered } from "./options-answered.ts";
import { optionsHangs } from "./options-hangs.ts";
import { placementUnreachable } from "./placement-unreachable.ts";

const NEVER_ACTIVE = 'binding "batch" never active';

const ROUTE = "/.internal/batch";

const DIRECTION = {
  kind: "component-key",
  container: "dapr",
  component: "batch",
  key: "metadata.direction",
  value: "input",
};

const UNDIRECTED = { "batch.yaml": cron(), "blob.yaml": blob() };

const noTicks = ({ type }: { readonly type: string }): boolean => type === "tick";

const WARNING = (route: string, why: string) =>
  daprd(
    1450,
    "warning",
    `failed to read from bindings: could not invoke OPTIONS method on input binding subscription endpoint "${route}": ${why} `,
  );

/** A snapshot whose metrics have these samples alone. */
function withMetrics(
  ...samples: readonly ReturnType<typeof questioned>[]
): NonNullable<RecordParts["snapshot"]> {
  return {
    metrics: metrics(...samples.flat().map(({ name, labels, value }) => [name, labels, value] as const)),
  };
}

showRule(optionsAnswered, {
  contract: "bindingsActive",
  symptom: NEVER_ACTIVE,
  bad: {
    components: UNDIRECTED,
    without: noTicks,
    snapshot: withMetrics(questioned(ROUTE, 1, { 404: 1 })),
    lines: [daprd(1440, "info", "app has not subscribed to binding batch.")],
  },
  cause: /answered OPTIONS \/\.internal\/batch with 404, so daprd leaves binding "batch" alone/,
  quotes: /404 × 1[^]*states no direction[^]*has not subscribed/,
  tries: [DIRECTION],
  near: {
    "with 405": { components: UNDIRECTED, snapshot: withMetrics(questioned(ROUTE, 1, { 405: 1 })) },
    "with 204": { components: UNDIRECTED, snapshot: withMetrics(questioned(ROUTE, 1, { 204: 1 })) },
    "of a broken connection, which daprd counts as 500": {
      components: UNDIRECTED,
      snapshot: withMetrics(questioned(ROUTE, 1, { 500: 1 })),
      lines: [WARNING(ROUTE, "EOF")],
    },
    "of a binding that is not asked about": { snapshot: withMetrics(questioned(ROUTE, 1, { 404: 1 })) },
    "of another binding": {
      components: { ...UNDIRECTED, "b.yaml": cron({}, "other") },
      snapshot: withMetrics(questioned("/.internal/other", 1, { 404: 1 })),
    },
  },
});

showRule(optionsHangs, {
  contract: "bindingsActive",
  symptom: NEVER_ACTIVE,
  bad: {
    components: UNDIRECTED,
    without: noTicks,
    snapshot: withMetrics(questioned(ROUTE, 1, {})),
    lines: [WARNING(ROUTE, "context deadline exceeded")],
  },
  cause: /did not answer OPTIONS \/\.internal\/batch within 3 s/,
  quotes: /sent 1, answered 0[^]*context deadline exceeded/,
  tries: [DIRECTION],
  near: {
    "with an answer": { components: UNDIRECTED, snapshot: withMetrics(questioned(ROUTE, 1, { 404: 1 })) },
  },
});

showRule(optionsHangs, {
  contract: "bindingsActive",
  symptom: NEVER_ACTIVE,
  bad: {
    components: UNDIRECTED,
    without: noTicks,
    snapshot: withMetrics(questioned(ROUTE, 2, { 500: 2 })),
    lines: [WARNING(ROUTE, `Options "http://127.0.0.1:9000${ROUTE}": EOF`)],
  },
  cause: /broke the connection on which daprd asked OPTIONS/,
  quotes: /EOF/,
  tries: [DIRECTION],
  near: {
    "of a 500 that is an answer": {
      components: UNDIRECTED,
      snapshot: withMetrics(questioned(ROUTE, 1, { 500: 1 })),
    },
  },
});

const TWO = { "batch.yaml": cron({ direction: "input" }), "a.yaml": cron({}, "a"), "blob.yaml": blob() };

showRule(optionsAbortsOthers, {
  contract: "bindingsActive",
  symptom: NEVER_ACTIVE,
  bad: {
    components: TWO,
    without: noTicks,
    snapshot: withMetrics(questioned("/.internal/a", 1, {})),
    lines: [WARNING("/.internal/a", "context deadline exceeded")],
  },
  cause: /about "a" failed, which ended its loop over the bindings before it came to "batch"/,
  quotes: /"batch" never called the app/,
  tries: [{ ...DIRECTION, component: "a" }],
  near: {
    "of a question that was answered": {
      components: TWO,
      snapshot: withMetrics(questioned("/.internal/a", 1, { 404: 1 })),
    },
    "of a binding that called the app": {
      components: TWO,
      snapshot: { metrics: goodMetricsAnd(questioned("/.internal/a", 1, {})) },
      lines: [WARNING("/.internal/a", "EOF")],
    },
    "of the binding that was asked about itself": {
      components: UNDIRECTED,
      snapshot: withMetrics(questioned(ROUTE, 1, {})),
      lines: [WARNING(ROUTE, "EOF")],
    },
  },
});

const { metadata } = GOOD_SNAPSHOT;

const appAt = (port: number) =>
  metadata === null
    ? null
    : { ...metadata, appConnectionProperties: { port, protocol: "http", channelAddress: "127.0.0.1" } };

const notFound: NonNullable<RecordParts["snapshot"]> = { health: 500 };

const notReady = [
  1410,
  {
    type: "probe.changed",
    probe: "healthz",
    container: "dapr",
    status: 500,
    detail: "dapr is not ready: [runtime]",
  },
] as const;

const noMainPort = (event: { readonly type: string; readonly port?: number }): boolean =>
  event.type === "tick" || event.port === 9000;

showRule(appNeverFound, {
  contract: "bindingsActive",
  symptom: NEVER_ACTIVE,
  bad: { without: noTicks, snapshot: { ...notFound, metadata: appAt(9001) }, events: [notReady] },
  cause: /waits for the app on port 9001, and main listens on 9000/,
  quotes: /healthz 500[^]*not ready[^]*port=9000/,
  tries: [{ kind: "daprd-flag", container: "dapr", flag: "app-port", value: "9000" }],
  near: {
    "when daprd is healthy": { snapshot: { metadata: appAt(9001) } },
    "when nothing is known of daprd": { snapshot: { health: null, metadata: null, metrics: null } },
    "when main listens where daprd looks": { snapshot: notFound },
    "when main has ended": { without: noMainPort, snapshot: notFound, events: [exited(1200, "main", 1)] },
  },
});

showRule(appNeverFound, {
  contract: "bindingsActive",
  bad: { without: noMainPort, snapshot: notFound, events: [opened(1400, 9000, undefined, "::1")] },
  cause: /the app listens on ::1 alone, and daprd looks for it at 127\.0\.0\.1/,
  quotes: /address=::1/,
  tries: [{ kind: "daprd-flag", container: "dapr", flag: "app-channel-address", value: "[::1]" }],
  near: {
    "on all addresses": {
      without: noMainPort,
      snapshot: notFound,
      events: [opened(1400, 9000, undefined, "::")],
    },
  },
});

showRule(appNeverFound, {
  contract: "bindingsActive",
  bad: { snapshot: { metadata: metadata === null ? null : { id: "main", components: metadata.components } } },
  cause: /is told no --app-port/,
  quotes: /no appConnectionProperties/,
  tries: [{ kind: "daprd-flag", container: "dapr", flag: "app-port", value: "9000" }],
  near: {},
});

showRule(appNeverFound, {
  contract: "bindingsActive",
  bad: { without: noMainPort, snapshot: notFound },
  cause: /waits for the app on port 9000, which nothing opened/,
  quotes: /healthz 500/,
  near: {},
});

showRule(placementUnreachable, {
  contract: "bindingsActive",
  bad: {
    snapshot: notFound,
    events: [
      [
        1500,
        { ...notReady[1], detail: "dapr is not ready: [internal-placement-service scheduler-watch-hosts]" },
      ],
    ],
  },
  cause: /waits for a placement or scheduler service/,
  quotes: /internal-placement-service/,
  near: { "when daprd waits for the app": { snapshot: notFound, events: [notReady] } },
});

showRule(appHealthFlips, {
  contract: "ticksDelivered",
  bad: {
    lines: [
      daprd(5000, "warning", "App entered un-healthy status: Health check failed with status code: 503"),
    ],
  },
  cause: /found the app unhealthy and stopped its bindings: Health check failed with status code: 503/,
  quotes: /un-healthy/,
  tries: [
    { kind: "daprd-flag", container: "dapr", flag: "app-health-threshold", value: "10" },
    { kind: "daprd-flag", container: "dapr", flag: "app-health-probe-interval", value: "10" },
  ],
  near: { "at the stop": { lines: [daprd(20_100, "warning", "App entered un-healthy status: x")] } },
});

it("tells the binding that was asked about from the one that suffers", () => {
  const record = runRecord({
    components: TWO,
    without: noTicks,
    snapshot: withMetrics(questioned("/.internal/a", 1, {})),
    lines: [WARNING("/.internal/a", "EOF")],
  });
  const rulesFor = (name: string) =>
    diagnose(record, broken("bindingsActive", `binding "${name}" never active`)).map(({ rule }) => rule);
  expect(rulesFor("batch")).toEqual(["options-aborts-others"]);
  expect(rulesFor("a")).toEqual(["options-hangs"]);
});
