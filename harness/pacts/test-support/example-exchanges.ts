import { readComponentFile, type DaprComponent } from "../../dapr/component-files.ts";
import type { SeenExchange, WireBody, WireHeaders } from "../../wire/exchange.ts";
import type { Recording } from "../record-pacts.ts";

/** What an example's exchange differs in from the others. */
export interface Told {
  readonly startMs: number;
  readonly endMs?: number;
  readonly request?: { readonly path?: string; readonly headers?: WireHeaders; readonly body?: string };
  readonly response?: { readonly status?: number; readonly headers?: WireHeaders; readonly body?: string };
}

let id = 0;

export function body(text: string): WireBody {
  return { size: Buffer.byteLength(text), truncated: false, text };
}

function exchange(
  ends: Pick<SeenExchange, "from" | "to">,
  { startMs, endMs = startMs + 5 }: Told,
  request: SeenExchange["request"],
  response: NonNullable<SeenExchange["response"]>,
): SeenExchange {
  id += 1;
  return {
    id,
    connection: 1,
    stream: id,
    protocol: "http/1.1",
    instance: "0-1",
    wall: "2026-11-23T11:00:00.000Z",
    ...ends,
    times: { startMs, requestEndMs: startMs, firstByteMs: endMs, endMs },
    request,
    response,
    end: { how: "answered" },
  };
}

const MAIN = { container: "main", address: "127.0.0.1", port: 9000 };
const DAPR = { container: "dapr", address: "127.0.0.1", port: 3500 };
const clientOf = (container: string) => ({ container, address: "127.0.0.1", port: 41_234 });

const GO_HEADERS: WireHeaders = [
  ["Host", "127.0.0.1:9000"],
  ["User-Agent", "Go-http-client/1.1"],
];

/** A tick as daprd sends it (daprd.md §2), at a time of 2026. */
export function tick(told: Told): SeenExchange {
  const at = new Date(Date.UTC(2026, 10, 23, 11, 0, 0) + told.startMs);
  const second = at.toISOString().slice(0, 19).replace("T", " ");
  return exchange(
    { from: clientOf("dapr"), to: MAIN },
    told,
    {
      method: "POST",
      path: told.request?.path ?? "/.internal/batch",
      headers: told.request?.headers ?? [
        ...GO_HEADERS,
        ["Content-Length", "0"],
        ["Content-Type", "application/json"],
        ["Readtimeutc", `${second}.95434${at.getMilliseconds() % 10}746 +0000 UTC`],
        ["Timezone", "Local"],
        ["Traceparent", "00-00000000000000000000000000000000-0000000000000000-00"],
        ["Accept-Encoding", "gzip"],
      ],
      body: body(told.request?.body ?? ""),
    },
    {
      status: told.response?.status ?? 200,
      reason: "OK",
      headers: told.response?.headers ?? [
        ["content-type", "text/plain;charset=UTF-8"],
        ["Date", "Mon, 23 Nov 2026 11:00:00 GMT"],
        ["Connection", "keep-alive"],
        ["Content-Length", "38"],
      ],
      body: body(told.response?.body ?? `batch of ${at.toISOString()} done`),
      trailers: [],
    },
  );
}

export function options(told: Told): SeenExchange {
  return exchange(
    { from: clientOf("dapr"), to: MAIN },
    told,
    {
      method: "OPTIONS",
      path: told.request?.path ?? "/.internal/batch",
      headers: [...GO_HEADERS, ["Content-Type", "application/json"], ["Accept-Encoding", "gzip"]],
      body: body(""),
    },
    {
      status: told.response?.status ?? 200,
      headers: [["Content-Length", "0"]],
      body: body(told.response?.body ?? ""),
      trailers: [],
    },
  );
}

export function config(told: Told): SeenExchange {
  return exchange(
    { from: clientOf("dapr"), to: MAIN },
    told,
    {
      method: "GET",
      path: "/dapr/config",
      headers: [...GO_HEADERS, ["Dapr-App-Id", "main"], ["Accept-Encoding", "gzip"]],
      body: body(""),
    },
    {
      status: told.response?.status ?? 404,
      headers: [["content-type", "text/plain;charset=UTF-8"]],
      body: body(told.response?.body ?? "404 Not Found"),
      trailers: [],
    },
  );
}

export function metadata(told: Told): SeenExchange {
  return exchange(
    { from: clientOf("main"), to: DAPR },
    told,
    {
      method: "GET",
      path: "/v1.0/metadata",
      headers: [
        ["Host", "127.0.0.1:3500"],
        ["User-Agent", "dapr-sdk-js/v3.18.0 http/1"],
        ["Accept", "*/*"],
      ],
      body: body(""),
    },
    {
      status: told.response?.status ?? 200,
      headers: [["Content-Type", "application/json"]],
      body: body(
        told.response?.body ??
          JSON.stringify({
            id: "main",
            runtimeVersion: "1.18.2",
            enabledFeatures: ["HotReload"],
            components: [
              {
                name: "blob",
                type: "bindings.azure.blobstorage",
                version: "v1",
                capabilities: ["OUTPUT_BINDING"],
              },
              { name: "batch", type: "bindings.cron", version: "v1", capabilities: ["INPUT_BINDING"] },
            ],
            appConnectionProperties: { port: 9000, protocol: "http", channelAddress: "127.0.0.1" },
          }),
      ),
      trailers: [],
    },
  );
}

export function createBlob(told: Told): SeenExchange {
  const at = Date.UTC(2026, 10, 23, 11, 0, 0) + told.startMs;
  const blobName = `batch_${at}.txt`;
  return exchange(
    { from: clientOf("main"), to: DAPR },
    told,
    {
      method: "POST",
      path: told.request?.path ?? "/v1.0/bindings/blob",
      headers: [
        ["Host", "127.0.0.1:3500"],
        ["Content-Type", "application/json"],
        ["User-Agent", "dapr-sdk-js/v3.18.0 http/1"],
        ["Content-Length", "103"],
      ],
      body: body(
        told.request?.body ??
          JSON.stringify({ operation: "create", data: new Date(at).toISOString(), metadata: { blobName } }),
      ),
    },
    {
      status: told.response?.status ?? 200,
      headers: [
        ["Content-Type", "application/json"],
        ["Metadata.blobname", blobName],
        ["Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"],
      ],
      body: body(
        told.response?.body ??
          JSON.stringify({
            blobURL: `https://toshidasandboxstorage.blob.core.windows.net/container1/${blobName}`,
            blobName,
          }),
      ),
      trailers: [],
    },
  );
}

export const BATCH_YAML = `apiVersion: dapr.io/v1alpha1
kind: Component
metadata:
  name: batch
spec:
  type: bindings.cron
  version: v1
  metadata:
    - name: schedule
      value: "@every 10s"
    - name: route
      value: "/.internal/batch"
`;

export function exampleComponents(): readonly DaprComponent[] {
  return readComponentFile("batch.yaml", Buffer.from(BATCH_YAML)).components;
}

/** A short run of the example: configuration, the binding's probe, and ticks 10 s apart, each with its blob. */
export function exampleRecording(more: readonly SeenExchange[] = []): Recording {
  return {
    site: "example",
    main: "main",
    sidecar: "dapr",
    components: exampleComponents(),
    exchanges: [
      config({ startMs: 1000 }),
      options({ startMs: 1010 }),
      tick({ startMs: 11_001, endMs: 11_101 }),
      metadata({ startMs: 11_020 }),
      createBlob({ startMs: 11_050 }),
      tick({ startMs: 21_003, endMs: 21_103 }),
      createBlob({ startMs: 21_052 }),
      ...more,
    ],
  };
}
