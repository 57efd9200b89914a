/** `sitecar/msw`: a Dapr sidecar for unit tests, as handlers of msw. */

import { http, HttpResponse } from "msw";
import { DaprTwin, type DaprTwinOptions } from "./dapr-twin.ts";
import { respondTo } from "./fetch-twin.ts";
import { readResources } from "./read-resources.ts";

export { DaprTwin, type DaprTwinOptions, type TwinCall } from "./dapr-twin.ts";
export type { StoredBlob } from "./blob/stored-blob.ts";
export type { StorageFailure } from "./blob/twin-storage.ts";
export { TWIN_PHASES, type TwinPhase } from "./phase.ts";
export { TWIN_VERSIONS } from "./versions/versions.ts";
export { tick } from "./tick/tick.ts";
export type { TickOptions, TickResult, TickTarget } from "./tick/tick.ts";

export interface DaprSidecarOptions extends Omit<DaprTwinOptions, "files"> {
  /** Dapr component files, or folders of them, as paths: the deployed ones. */
  readonly resources: string | readonly string[];
  /** Where the app looks for daprd. Default 3500. */
  readonly port?: number;
}

/** A twin with the handlers that give its answers. */
export interface DaprSidecar extends DaprTwin {
  /** For `setupServer(...sidecar.handlers)` of `msw/node`. */
  readonly handlers: ReturnType<typeof http.all>[];
}

/**
 * Handlers that answer as a daprd with these component files does; the twin beside them can be asked what was stored and moved
 * from phase to phase. With msw's `onUnhandledFrame: "error"` nothing goes past it.
 * @throws {SitecarError} FILE_NOT_READABLE, TWIN_NOT_STARTED, TWIN_NOT_COVERED
 */
export async function daprSidecar({
  resources,
  port = 3500,
  ...options
}: DaprSidecarOptions): Promise<DaprSidecar> {
  const files = await readResources(typeof resources === "string" ? [resources] : resources);
  const twin = new DaprTwin({ ...options, files });
  const handlers = ["127.0.0.1", "localhost", "[::1]"].map((host) =>
    http.all(
      `http://${host}:${port}/*`,
      async ({ request }) => (await respondTo(twin, request)) ?? HttpResponse.error(),
    ),
  );
  return Object.assign(twin, { handlers });
}
