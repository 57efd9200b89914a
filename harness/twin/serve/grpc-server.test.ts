import path from "node:path";

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { CommunicationProtocolEnum, DaprClient } from "@dapr/dapr";
import { Dapr } from "@dapr/dapr/proto/dapr/proto/runtime/v1/dapr_pb.js";
import { afterEach, expect, test } from "vitest";
import { DaprTwin, type DaprTwinOptions } from "../dapr-twin.ts";
import { readResources } from "../read-resources.ts";
import { serveTwin, type ServedTwin } from "./serve-twin.ts";

const files = await readResources([path.join(import.meta.dirname, "../../../fixtures/components")]);

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

async function served(options: Partial<DaprTwinOptions> = {}): Promise<ServedTwin> {
  return stack.use(await serveTwin(new DaprTwin({ files, ...options }), { port: 0, grpcPort: 0 }));
}

/** A client of its own for each call: one that keeps its connection would not see that the port is closed. */
function clientOf({ grpcPort }: ServedTwin) {
  return createClient(Dapr, createGrpcTransport({ baseUrl: `http://127.0.0.1:${grpcPort}` }));
}

async function failure(call: Promise<unknown>): Promise<ConnectError> {
  return ConnectError.from(
    await call.then(
      (value) => new Error(`answered ${JSON.stringify(value)}`),
      (error: unknown) => error,
    ),
  );
}

test("Dapr's own client works with it", async () => {
  const one = await served();
  const client = new DaprClient({
    daprHost: "127.0.0.1",
    daprPort: String(one.grpcPort),
    communicationProtocol: CommunicationProtocolEnum.GRPC,
  });
  const sent = await client.binding.send("blob", "create", Buffer.from([1, 2, 255]), { blobName: "a" });
  expect(sent).toMatchObject({ metadata: { blobName: "a" } });
  expect(one.twin.blobs("blob")[0]?.content).toEqual(Buffer.from([1, 2, 255]));
  await expect(client.binding.send("blob", "get", "", { blobName: "b" })).rejects.toThrow(/blob not found/);
  await client.stop();
});

test("what is put into the metadata is there, over HTTP too", async () => {
  const one = await served();
  await clientOf(one).setMetadata({ key: "color", value: "blue" });
  const answer = await fetch(`http://127.0.0.1:${one.port}/v1.0/metadata`);
  expect(await answer.json()).toMatchObject({ extended: { color: "blue" } });
});

test("what is not covered is UNIMPLEMENTED with the reason, and remembered", async () => {
  const one = await served();
  const error = await failure(clientOf(one).getState({ storeName: "store", key: "a" }));
  expect([error.code, error.rawMessage]).toEqual([
    Code.Unimplemented,
    expect.stringContaining("the twin does not cover the gRPC call GetState"),
  ]);
  expect(one.twin.refusals).toMatchObject([{ code: "TWIN_NOT_COVERED" }]);
  expect(one.twin.calls).toMatchObject([
    { method: "gRPC", target: "/dapr.proto.runtime.v1.Dapr/GetState", status: Code.Unimplemented },
  ]);
});

test("its port is open and closed as the phase has it", async () => {
  const one = await served({ phase: "starting" });
  expect(await failure(clientOf(one).getMetadata({}))).toMatchObject({ code: Code.Unavailable });
  one.twin.phase = "waiting-for-app";
  await one.settled();
  expect(await clientOf(one).getMetadata({})).toMatchObject({ id: "main" });
  await clientOf(one).shutdown({});
  await one.settled();
  expect(await failure(clientOf(one).getMetadata({}))).toMatchObject({ code: Code.Unavailable });
});

test("a hung one answers when it goes on", async () => {
  const one = await served({ phase: "hung" });
  const waiting = clientOf(one).getMetadata({});
  one.twin.phase = "up";
  expect(await waiting).toMatchObject({ id: "main" });
});
