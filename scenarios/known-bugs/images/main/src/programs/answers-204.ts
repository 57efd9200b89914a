import { loadClient, writeBlob } from "../blobs.ts";
import { route, serve } from "../serve.ts";

/** The bug: 204. Under a retry policy daprd takes anything but 200 for a failure and posts the tick again (daprd.md §2). */
export async function run(): Promise<void> {
  await loadClient();
  await serve({ routes: new Map(route("/batch", handle)) });
}

async function handle(): Promise<number> {
  await writeBlob();
  return 204;
}
