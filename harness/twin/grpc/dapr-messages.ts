import protobuf from "protobufjs";

const text = (id: number): protobuf.IField => ({ type: "string", id });
const map = (type: string, id: number): protobuf.IMapField => ({ keyType: "string", type, id });
const texts = (id: number): protobuf.IMapField => map("string", id);
const list = (type: string, id: number): protobuf.IField => ({ rule: "repeated", type, id });

/** Messages of `dapr.proto.runtime.v1` (dapr 1.18.2, `dapr/proto/runtime/v1`), as far as the twin's calls have them. */
const ROOT = protobuf.Root.fromJSON({
  nested: {
    Empty: { fields: {} },
    InvokeBindingRequest: {
      fields: { name: text(1), data: { type: "bytes", id: 2 }, metadata: texts(3), operation: text(4) },
    },
    InvokeBindingResponse: { fields: { data: { type: "bytes", id: 1 }, metadata: texts(2) } },
    GetSecretRequest: { fields: { storeName: text(1), key: text(2), metadata: texts(3) } },
    GetSecretResponse: { fields: { data: texts(1) } },
    GetBulkSecretRequest: { fields: { storeName: text(1), metadata: texts(2) } },
    SecretResponse: { fields: { secrets: texts(1) } },
    GetBulkSecretResponse: { fields: { data: map("SecretResponse", 1) } },
    SetMetadataRequest: { fields: { key: text(1), value: text(2) } },
    GetMetadataResponse: {
      fields: {
        id: text(1),
        components: list("RegisteredComponents", 3),
        extended: texts(4),
        appConnectionProperties: { type: "AppConnectionProperties", id: 7 },
        runtimeVersion: text(8),
        enabledFeatures: list("string", 9),
        actorRuntime: { type: "ActorRuntime", id: 10 },
        workflows: { type: "MetadataWorkflows", id: 12 },
        resiliencies: list("MetadataResiliency", 15),
      },
    },
    RegisteredComponents: {
      fields: { name: text(1), type: text(2), version: text(3), capabilities: list("string", 4) },
    },
    AppConnectionProperties: {
      fields: { port: { type: "int32", id: 1 }, protocol: text(2), channelAddress: text(3) },
    },
    ActorRuntime: {
      fields: {
        runtimeStatus: { type: "ActorRuntimeStatus", id: 1 },
        hostReady: { type: "bool", id: 3 },
        placement: text(4),
      },
    },
    ActorRuntimeStatus: { values: { INITIALIZING: 0, DISABLED: 1, RUNNING: 2 } },
    MetadataWorkflows: { fields: { connectedWorkers: { type: "int32", id: 1 } } },
    MetadataResiliency: { fields: { name: text(1) } },
    // google.rpc
    Status: {
      fields: { code: { type: "int32", id: 1 }, message: text(2), details: list("Any", 3) },
    },
    Any: { fields: { type_url: text(1), value: { type: "bytes", id: 2 } } },
    ErrorInfo: { fields: { reason: text(1), domain: text(2), metadata: texts(3) } },
  },
});

export type MessageName =
  | "Empty"
  | "InvokeBindingRequest"
  | "InvokeBindingResponse"
  | "GetSecretRequest"
  | "GetSecretResponse"
  | "GetBulkSecretRequest"
  | "GetBulkSecretResponse"
  | "SetMetadataRequest"
  | "GetMetadataResponse"
  | "Status"
  | "ErrorInfo";

/** A message with names in JSON's spelling; maps as objects, bytes as buffers, enumerations by name. */
export type Message = Readonly<Record<string, unknown>>;

export function encodeMessage(name: MessageName, message: Message): Buffer {
  const type = ROOT.lookupType(name);
  return Buffer.from(type.encode(type.fromObject(message)).finish());
}

/** @throws {Error} for bytes that are no such message. */
export function decodeMessage(name: MessageName, bytes: Uint8Array): Message {
  const type = ROOT.lookupType(name);
  return type.toObject(type.decode(bytes), { bytes: Buffer, enums: String, defaults: true });
}
