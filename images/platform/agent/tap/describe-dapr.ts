import { fileURLToPath } from "node:url";
import path from "node:path";
import protobuf from "protobufjs";

/** Where Dapr's services are described: what daprd serves, and what it asks of an app. */
const FILES = ["dapr/proto/runtime/v1/dapr.proto", "dapr/proto/runtime/v1/appcallback.proto"];

/**
 * Dapr's services and messages, from the proto files that its client carries, for `MessageTypes`. Called when the image is
 * bundled: reading proto files is nothing that a run has to pay for.
 */
export function describeDapr(): protobuf.INamespace {
  const protos = fileURLToPath(new URL("proto/", import.meta.resolve("@dapr/dapr/package.json")));
  const root = new protobuf.Root();
  root.resolvePath = (_from, target) => path.join(protos, target);
  root.loadSync(FILES);
  return root.toJSON();
}
