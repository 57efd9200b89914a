import { writeFile } from "node:fs/promises";
import { DAPR_MESSAGES, describeDapr } from "./dapr-messages/describe-dapr.ts";

/**
 * Writes images/platform/agent/tap/dapr-messages.json: Dapr's gRPC services with their messages' fields, from the proto files of the
 * installed `@dapr/dapr`. A test says when it is to be written anew.
 *
 *     node scripts/dapr-messages.ts
 */
await writeFile(DAPR_MESSAGES, `${JSON.stringify(describeDapr())}\n`);
