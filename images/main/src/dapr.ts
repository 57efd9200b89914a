import type { DaprClient } from "@dapr/dapr";
import type { DaprSettings } from "./settings.ts";

/** Writes a blob through the sidecar's output binding `blob`. Rejects with the Dapr client's error. */
export type CreateBlob = (blobName: string, content: string) => Promise<void>;

/**
 * The client is made at the first blob. The library is loaded then too: it takes most of the app's start, during which
 * SIGTERM would have no handler.
 */
export function blobCreator(settings: DaprSettings): CreateBlob {
  let client: Promise<DaprClient> | undefined;
  return async (blobName, content) => {
    client ??= connect(settings);
    await (await client).binding.send("blob", "create", content, { blobName });
  };
}

async function connect({ host, port, protocol }: DaprSettings): Promise<DaprClient> {
  const { CommunicationProtocolEnum, DaprClient } = await import("@dapr/dapr");
  return new DaprClient({
    daprHost: host,
    daprPort: String(port),
    communicationProtocol:
      protocol === "grpc" ? CommunicationProtocolEnum.GRPC : CommunicationProtocolEnum.HTTP,
  });
}
