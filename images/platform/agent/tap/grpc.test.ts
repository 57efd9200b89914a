import { gzipSync } from "node:zlib";
import { Root } from "protobufjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import described from "./dapr-messages.json" with { type: "json" };
import { MessageTypes } from "./message-types.ts";
import { GrpcMessages } from "./grpc-messages.ts";

const types = new MessageTypes(described);
const invokeBinding = { service: "dapr.proto.runtime.v1.Dapr", method: "InvokeBinding" };

const encode = (type: string, value: Readonly<Record<string, unknown>>): Buffer => {
  const found = Root.fromJSON(described).lookupType(type);
  return Buffer.from(found.encode(found.fromObject(value)).finish());
};

describe("Dapr's messages", () => {
  it("are decoded by their published description", () => {
    const request = {
      name: "blob",
      operation: "create",
      data: Buffer.from("hello"),
      metadata: { blobName: "a.txt" },
    };
    const bytes = encode("dapr.proto.runtime.v1.InvokeBindingRequest", request);
    expect(types.decode(invokeBinding, "request", bytes)).toEqual({
      type: "dapr.proto.runtime.v1.InvokeBindingRequest",
      json: {
        name: "blob",
        operation: "create",
        data: Buffer.from("hello").toString("base64"),
        metadata: { blobName: "a.txt" },
      },
    });
  });

  it("are named also where they are nothing or broken", () => {
    expect(types.decode(invokeBinding, "response", Buffer.alloc(0))).toEqual({
      type: "dapr.proto.runtime.v1.InvokeBindingResponse",
      json: {},
    });
    expect(types.decode(invokeBinding, "request", Buffer.from([0xff, 0xff]))).toEqual({
      type: "dapr.proto.runtime.v1.InvokeBindingRequest",
    });
  });

  it("have those of the app's side", () => {
    const bytes = encode("dapr.proto.runtime.v1.BindingEventRequest", {
      name: "batch",
      metadata: { timeZone: "Local" },
    });
    const call = { service: "dapr.proto.runtime.v1.AppCallback", method: "OnBindingEvent" };
    expect(types.decode(call, "request", bytes)?.json).toEqual({
      name: "batch",
      metadata: { timeZone: "Local" },
    });
  });

  it("are not those of a service of the user's", () => {
    expect(
      types.decode({ service: "shop.v1.Shop", method: "Buy" }, "request", Buffer.alloc(0)),
    ).toBeUndefined();
    expect(types.decode({ ...invokeBinding, method: "Unheard" }, "request", Buffer.alloc(0))).toBeUndefined();
    expect(new MessageTypes().decode(invokeBinding, "request", Buffer.alloc(0))).toBeUndefined();
  });
});

describe("a gRPC stream", () => {
  const prefixed = (bytes: Buffer, compressed = false): Buffer => {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt8(compressed ? 1 : 0, 0);
    prefix.writeUInt32BE(bytes.length, 1);
    return Buffer.concat([prefix, bytes]);
  };

  it("is cut into its messages, however they come", () => {
    const message = fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes));
    const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(message), lengths, (messages, cuts) => {
        const cutter = new GrpcMessages(1000);
        const all = Buffer.concat(messages.map((one) => prefixed(one)));
        const seen: Buffer[] = [];
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const length = cuts[turn % cuts.length] ?? 1;
          seen.push(...cutter.push(all.subarray(at, at + length), turn, undefined).map(({ bytes }) => bytes));
          at += length;
        }
        expect(seen).toEqual(messages);
      }),
    );
  });

  it("is decompressed where it can be", () => {
    const cutter = new GrpcMessages(1000);
    const zipped = gzipSync("hello");
    const [gzip, unknown] = [
      ...cutter.push(prefixed(zipped, true), 1, "gzip"),
      ...cutter.push(prefixed(zipped, true), 2, "snappy"),
    ];
    expect(gzip).toMatchObject({
      bytes: Buffer.from("hello"),
      size: zipped.length,
      opaque: false,
      wallMs: 1,
    });
    expect(unknown).toMatchObject({ bytes: zipped, opaque: true });
  });

  it("keeps the beginning of a message that is long", () => {
    const [message] = new GrpcMessages(3).push(prefixed(Buffer.from("hello")), 1, undefined);
    expect(message).toMatchObject({ bytes: Buffer.from("hel"), size: 5, truncated: true });
  });
});
