import type { GrpcCase, GrpcCaseCall } from "../grpc-case.ts";

const TOKEN = { "dapr-api-token": "twin-token" } as const;
const TRACE = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  baggage: "k=v",
  "x-custom": "v",
} as const;

function binding(
  operation: string,
  metadata: Readonly<Record<string, string>> = {},
  data = "",
  more: { readonly name?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): GrpcCaseCall {
  return {
    method: "InvokeBinding",
    request: "InvokeBindingRequest",
    response: "InvokeBindingResponse",
    message: { name: more.name ?? "blob", operation, metadata, data: Buffer.from(data) },
    ...(more.headers === undefined ? {} : { headers: more.headers }),
  };
}

function metadataCall(headers?: Readonly<Record<string, string>>): GrpcCaseCall {
  return {
    method: "GetMetadata",
    request: "Empty",
    response: "GetMetadataResponse",
    message: {},
    ...(headers === undefined ? {} : { headers }),
  };
}

function secret(storeName: string, key: string, headers?: Readonly<Record<string, string>>): GrpcCaseCall {
  return {
    method: "GetSecret",
    request: "GetSecretRequest",
    response: "GetSecretResponse",
    message: { storeName, key },
    ...(headers === undefined ? {} : { headers }),
  };
}

function secrets(storeName: string): GrpcCaseCall {
  return {
    method: "GetBulkSecret",
    request: "GetBulkSecretRequest",
    response: "GetBulkSecretResponse",
    message: { storeName },
  };
}

/** Bytes that Go takes for a literal lose their quotes; others stay. */
const DATA = [
  "hello",
  "",
  '"quoted"',
  "`raw\r\n`",
  "'a'",
  "'ab'",
  String.raw`"esc \n \t \x41 \101 \u00e9 \U0001F600 \""`,
  String.raw`"bad \q"`,
  String.raw`"bad \'"`,
  '"in " between"',
  '"line\nend"',
  '"',
  "`a`b`",
  '{"b":1,"a":2}',
  "ü",
] as const;

export const GRPC_CASES: readonly GrpcCase[] = [
  ...DATA.map((data, index): GrpcCase => ({
    name: `gRPC blob stores ${JSON.stringify(data)}`,
    calls: [
      binding("create", { blobName: `grpc/data-${index}` }, data),
      binding("get", { blobName: `grpc/data-${index}` }),
    ],
  })),
  {
    name: "gRPC blob: the call's own headers stay with it",
    calls: [
      binding("create", { blobName: "grpc/plain" }, "x"),
      binding("get", { blobName: "grpc/plain", includeMetadata: "true" }),
      binding("create", { blobName: "grpc/traced", key: "mine" }, "x", {
        headers: { ...TRACE, "grpc-timeout": "5S", "grpc-accept-encoding": "gzip" },
      }),
      binding("get", { blobName: "grpc/traced", includeMetadata: "true" }),
      binding("create", { blobName: "grpc/own", traceparent: "mine", "user-agent": "mine" }, "x"),
      binding("get", { blobName: "grpc/own", includeMetadata: "true" }),
    ],
  },
  {
    name: "gRPC blob: list and delete",
    calls: [
      binding("create", { blobName: "grpc-list/ü" }, "x"),
      binding("list", {}, '{"prefix":"grpc-list/"}'),
      binding("delete", { blobName: "grpc-list/ü", deleteSnapshots: "include" }),
      binding("get", { blobName: "grpc-list/ü" }),
    ],
  },
  ...[
    binding("get"),
    binding("get", { blobName: "missing ü %" }),
    binding("frob"),
    binding(""),
    binding("create", {}, "x", { name: "nope" }),
    binding("list", {}, '"x"'),
    binding("create", {}, "no base64", { name: "blob64" }),
    metadataCall(),
    secret("local-file", "one"),
    secret("local-file", "missing"),
    secret("local-values", "nest"),
    secret("nope", "x"),
    secrets("local-env"),
    secrets("local-values"),
    secrets("nope"),
    { ...metadataCall(), method: "Nope" },
  ].map((one): GrpcCase => ({ name: `gRPC ${one.method} ${JSON.stringify(one.message)}`, calls: [one] })),
  {
    // The one key that changes nothing, so that other cases see the same metadata.
    name: "gRPC metadata that is put, of the runtime's own key",
    calls: [
      {
        method: "SetMetadata",
        request: "SetMetadataRequest",
        response: "Empty",
        message: { key: "daprRuntimeVersion", value: "9" },
      },
      metadataCall(),
    ],
  },
  ...[
    metadataCall(),
    metadataCall({ "dapr-api-token": "wrong" }),
    metadataCall(TOKEN),
    secret("nope", "k", TOKEN),
    binding("get", { blobName: "z" }, "", { headers: TOKEN }),
    binding("get", { blobName: "z" }),
  ].map((one): GrpcCase => ({
    name: `gRPC ${one.method} with ${JSON.stringify(one.headers ?? {})}`,
    sidecar: "bare",
    calls: [one],
  })),
];
