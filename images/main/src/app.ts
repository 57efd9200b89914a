import { Hono } from "hono";
import type { CreateBlob } from "./dapr.ts";

export interface AppOptions {
  readonly createBlob: CreateBlob;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
  /** Gets what failed and why, with a line end. Default: standard error. */
  readonly reportFailure?: (text: string) => void;
}

/**
 * The example's app, without a server.
 *
 * - `POST /.internal/batch`, which the cron binding calls: remembers the time and writes it into a blob
 *   `batch_<ms since epoch>.txt` as ISO 8601 in UTC. A failed write is answered with 500 and the error's text.
 * - `GET /batchstatus`: the time of day of the last batch in UTC, `00:00:00` before the first.
 */
export function createApp({
  createBlob,
  now = () => new Date(),
  reportFailure = (text) => void process.stderr.write(text),
}: AppOptions): Hono {
  let lastBatch = "00:00:00";

  const app = new Hono();
  app.post("/.internal/batch", async (context) => {
    const time = now();
    lastBatch = time.toISOString().slice("yyyy-mm-ddT".length, "yyyy-mm-ddThh:mm:ss".length);
    await createBlob(`batch_${time.getTime()}.txt`, time.toISOString());
    return context.text(`batch of ${time.toISOString()} done`);
  });
  app.get("/batchstatus", (context) => context.text(lastBatch));
  app.onError((error, context) => {
    reportFailure(`${context.req.method} ${context.req.path} failed: ${error.stack ?? error.message}\n`);
    return context.text(error.message, 500);
  });
  return app;
}
