import { showRule } from "../test-support/cases.ts";
import { blob, daprd, goodMetricsAnd, metrics, STOP_MS, tick } from "../test-support/record.ts";
import { answerNot200UnderRetry } from "./answer-not-200-under-retry.ts";
import { containerNotFound } from "./container-not-found.ts";
import { doubledTicks } from "./doubled-ticks.ts";
import { handlerFails } from "./handler-fails.ts";
import { handlerSlowerThanInterval } from "./handler-slower-than-interval.ts";

const DELIVERY = "error from app consumer for binding [batch]: ";

const POST_EOF = `${DELIVERY}error invoking app: Post "http://127.0.0.1:9000/.internal/batch": EOF`;

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
