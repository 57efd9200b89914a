import type * as Dapr from "@dapr/dapr";

let client: Promise<Dapr.DaprClient> | undefined;
let written = 0;

/** Dapr's official client, made at the first call. It waits for the sidecar up to 30.7 s at its first use (daprd.md §5). */
export function daprClient(): Promise<Dapr.DaprClient> {
  client ??= connect();
  return client;
}

/**
 * Loads the client's module, which takes a processor half a second and a busy machine two: before the app listens, so that the first
 * tick does not wait for it.
 */
export async function loadClient(): Promise<typeof Dapr> {
  return await import("@dapr/dapr");
}

async function connect(): Promise<Dapr.DaprClient> {
  const { DaprClient: Client } = await loadClient();
  return new Client();
}

/** A blob with a name of its own, through the output binding `blob`. */
export async function writeBlob(): Promise<void> {
  const time = new Date();
  const blobName = `batch_${time.getTime()}_${++written}.txt`;
  await (await daprClient()).binding.send("blob", "create", time.toISOString(), { blobName });
}
