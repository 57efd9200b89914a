import {
  STOP_MS,
  daprd,
  exited,
  opened,
  printed,
  runRecord,
  type RecordParts,
} from "../test-support/record.ts";
import { broken, showRule } from "../test-support/cases.ts";
import { apiPortTaken } from "./api-port-taken.ts";
import { appPortConflict } from "./app-port-conflict.ts";
import { containerCrashed } from "./container-crashed.ts";
import { daprdFatal } from "./daprd-fatal.ts";
import { identityRefused } from "./identity-refused.ts";
import { metricsPortTaken } from "./metrics-port-taken.ts";
import { outOfMemory } from "./out-of-memory.ts";
import { storageForbidden } from "./storage-forbidden.ts";
import { storageRetriesExhausted } from "./storage-retries-exhausted.ts";
import { expect, it } from "vitest";
import { diagnose } from "../diagnose.ts";

const FATAL = "Fatal error from runtime: ";

const INIT = `${FATAL}process component blob error: [INIT_COMPONENT_FAILURE]: initialization error occurred for blob (bindings.azure.blobstorage/v1): `;

const TIMEOUT = `${INIT}failed to create Azure Storage container container1: context deadline exceeded\ninit timeout for component blob (bindings.azure.blobstorage/v1)`;

const UNREACHABLE = `${INIT}failed to create Azure Storage container container1: Put "https://shopstorage.blob.core.windows.net/container1?restype=container": dial tcp: lookup shopstorage.blob.core.windows.net on 127.0.0.11:53: no such host`;

const KEY = { kind: "component-key", container: "dapr", component: "blob" };

const AGAIN = [
  { ...KEY, key: "spec.ignoreErrors", value: "true" },
  { kind: "daprd-flag", container: "dapr", flag: "hot-reload-reconcile-interval", value: "5s" },
];

/** daprd ended at its init with this message. */
function fatal(message: string, parts: RecordParts = {}, tMs = 6200): RecordParts {
  return {
    ...parts,
    without: (event) =>
      event.type === "tick" ||
      event.type === "component.loaded" ||
      (event.type === "container.exited" && event.container === "dapr") ||
      parts.without?.(event) === true,
    events: [exited(tMs + 30, "dapr", 1), ...(parts.events ?? [])],
    lines: [daprd(tMs, "fatal", message), ...(parts.lines ?? [])],
  };
}

const AT_STOP: RecordParts = { lines: [daprd(STOP_MS + 100, "fatal", `${FATAL}something at the stop`)] };

const noToken: NonNullable<RecordParts["without"]> = ({ type }) => type === "identity.requested";

showRule(storageRetriesExhausted, {
  contract: "siteStarts",
  bad: fatal(UNREACHABLE, { plan: { schedule: { starts: [{ container: "storage", atMs: null }] } } }, 9800),
  cause:
    /gave up after its tries, 8\.7 s after the container's start: storage was never started; a longer initTimeout does not help/,
  quotes: /no such host/,
  tries: AGAIN,
  near: { "of an init timeout": fatal(TIMEOUT), "of an end at the stop": AT_STOP },
});

const OUTPUT =
  'api error: code = OK desc = error invoking output binding blob: error uploading az blob: Put "https://shopstorage.blob.core.windows.net/container1/x.txt": dial tcp 172.20.0.3:443: connect: connection refused';

showRule(storageRetriesExhausted, {
  contract: "ticksDelivered",
  bad: { lines: [daprd(14_000, "debug", OUTPUT)], events: [exited(4600, "storage", 137, true)] },
  cause: /a call of storage failed after the Azure client's tries/,
  quotes: /connection refused[^]*container=storage/,
  tries: [{ ...KEY, key: "metadata.retryCount", value: "-1" }],
  near: {
    "when main is not there": {
      lines: [
        daprd(
          5000,
          "debug",
          'error from app consumer for binding [batch]: error invoking app: Post "http://127.0.0.1:9000/.internal/batch": dial tcp 127.0.0.1:9000: connect: connection refused',
        ),
      ],
    },
    "at the stop": { lines: [daprd(STOP_MS + 500, "debug", OUTPUT)] },
  },
});

showRule(identityRefused, {
  contract: "nothingExits",
  symptom: 'container "dapr" exits (1)',
  bad: fatal(
    `${INIT}ChainedTokenCredential authentication failed. failed to acquire a token.\nAttempted credentials:\n\tManagedIdentityCredential authentication failed.\nRESPONSE 400 Bad Request`,
    {
      without: noToken,
      events: [
        [
          1250,
          {
            type: "identity.requested",
            status: 400,
            resource: "r",
            apiVersion: "v",
            headerMatched: true,
            path: "/msi/token",
            userAgent: "azsdk-go-azidentity/v1.7.0",
            parameters: {},
          },
        ],
      ],
      plan: {
        identity: {
          address: "169.254.129.2",
          port: 8081,
          header: "",
          tenantId: "",
          identities: [{ kind: "user", clientId: "c-1", principalId: "p" }],
        },
      },
    },
  ),
  cause: /gave daprd no token: it answered 400, which component "blob" needs/,
  quotes: /status=400/,
  tries: [{ ...KEY, key: "metadata.azureClientId", value: "c-1" }],
  near: { "of an init timeout": fatal(TIMEOUT) },
});

showRule(storageForbidden, {
  contract: "componentsLoaded",
  bad: fatal(
    `${INIT}failed to create Azure Storage container container1: PUT https://shopstorage.blob.core.windows.net/container1\n---\nRESPONSE 403: 403 Forbidden\nERROR CODE: AuthorizationPermissionMismatch`,
  ),
  cause: /refused the sidecar with 403 AuthorizationPermissionMismatch/,
  quotes: /RESPONSE 403/,
  near: { "of a 404": fatal(`${INIT}RESPONSE 404: 404 The specified container does not exist`) },
});

showRule(metricsPortTaken, {
  contract: "siteStarts",
  bad: fatal(
    `${FATAL}failed to listen on 0.0.0.0:9090: listen tcp 0.0.0.0:9090: bind: address already in use`,
    { events: [opened(1050, 9090)] },
    1300,
  ),
  cause: /metrics port 9090 was taken/,
  quotes: /address already in use[^]*port=9090/,
  tries: [{ kind: "daprd-flag", container: "dapr", flag: "metrics-port", value: "9091" }],
  near: {
    "of a port of the API": fatal(`${FATAL}failed to start HTTP server: could not listen on any endpoint`),
  },
});

showRule(apiPortTaken, {
  contract: "nothingExits",
  symptom: 'container "dapr" exits (1)',
  bad: fatal(
    `${FATAL}failed to start HTTP server: could not listen on any endpoint`,
    { events: [opened(1050, 3500)] },
    10_700,
  ),
  cause: /port 3500, which daprd's HTTP API wants, was taken for all the 9\.6 s/,
  quotes: /could not listen[^]*port=3500/,
  tries: [
    { kind: "daprd-flag", container: "dapr", flag: "dapr-http-port", value: "3501" },
    { kind: "app-setting", name: "DAPR_HTTP_PORT", value: "3501" },
  ],
  near: {
    "of the metrics port": fatal(
      `${FATAL}failed to listen on 0.0.0.0:9090: listen tcp 0.0.0.0:9090: bind: address already in use`,
    ),
  },
});

showRule(appPortConflict, {
  contract: "siteStarts",
  bad: fatal(`${FATAL}the 'dapr-http-port' argument value 3500 conflicts with 'app-port'`, {}, 1200),
  cause: /told that the app listens on 3500, which is its own dapr-http-port/,
  quotes: /conflicts with 'app-port'/,
  tries: [{ kind: "daprd-flag", container: "dapr", flag: "app-port", value: "9000" }],
  near: { "of an end for another reason": fatal(TIMEOUT) },
});

showRule(daprdFatal, {
  contract: "nothingExits",
  symptom: 'container "dapr" exits (1)',
  bad: fatal(
    `${FATAL}failed to create watcher: failed to add target /nonexistent: no such file or directory`,
  ),
  cause:
    /^daprd ended by itself: failed to create watcher: failed to add target \/nonexistent: no such file or directory\.$/,
  quotes: /exitCode=1/,
  near: {
    "of an end at the stop": AT_STOP,
    "of an end that it did not say": { events: [exited(5000, "dapr", 137)] },
  },
});

showRule(containerCrashed, {
  contract: "nothingExits",
  symptom: 'container "main" exits (1)',
  bad: { events: [exited(1500, "main", 1)], lines: [printed("main", 1490, "Error: no configuration")] },
  cause: /"main" ended by itself with exit code 1, 0\.5 s after its start/,
  quotes: /no configuration/,
  near: {
    "of a daprd that says why": fatal(TIMEOUT),
    "of an end that was asked for": { events: [exited(5000, "main", 137, true)] },
    "of another container": { events: [exited(5000, "dapr", 137)] },
  },
});

showRule(outOfMemory, {
  contract: "nothingExits",
  symptom: 'container "main" exits (137)',
  bad: {
    events: [
      [3000, { type: "container.out-of-memory", container: "main", process: "node", limit: "plan" }],
      exited(3010, "main", 137),
    ],
  },
  cause: /memory ran out, and the kernel killed node of "main"/,
  quotes: /process=node/,
  near: {
    "of another container": {
      events: [
        [3000, { type: "container.out-of-memory", container: "dapr", process: "daprd", limit: "plan" }],
      ],
    },
    "of a kill": { events: [exited(3010, "main", 137)] },
  },
});

it("leaves out what a surer cause says", () => {
  const rules = diagnose(runRecord(fatal(TIMEOUT)), broken("nothingExits", 'container "dapr" exits (1)'));
  expect(rules.map(({ rule }) => rule)).toEqual(["component-init-timeout"]);
});

it("does not blame daprd where the judgement names another container", () => {
  expect(diagnose(runRecord(fatal(TIMEOUT)), broken("nothingExits", 'container "main" exits (1)'))).toEqual(
    [],
  );
});
