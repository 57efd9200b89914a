import { createRequire } from "node:module";
import path from "node:path";
import protobuf from "protobufjs";

/** What the tap knows Dapr's messages by. */
export const DAPR_MESSAGES = path.join(
  import.meta.dirname,
  "../../images/platform/agent/tap/dapr-messages.json",
);

/** Where Dapr's services are described: what daprd serves, and what it asks of an app. */
const FILES = ["dapr/proto/runtime/v1/dapr.proto", "dapr/proto/runtime/v1/appcallback.proto"];

/** Dapr's services and messages, from the proto files that its client carries, in protobufjs's own form. */
export function describeDapr(): protobuf.INamespace {
  const client = createRequire(import.meta.url).resolve("@dapr/dapr/package.json");
  const root = new protobuf.Root();
  root.resolvePath = (_from, target) => path.join(path.dirname(client), "proto", target);
  root.loadSync(FILES);
  return root.toJSON();
}
