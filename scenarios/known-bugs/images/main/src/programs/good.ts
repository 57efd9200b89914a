import { loadClient, writeBlob } from "../blobs.ts";
import { route, serve } from "../serve.ts";

/** Writes a blob for each tick, as the example does; the bug is elsewhere in its site. */
export async function run(): Promise<void> {
  await loadClient();
  await serve({ routes: new Map(route("/batch", handle)) });
}

async function handle(): Promise<number> {
  await writeBlob();
  return 200;
}
