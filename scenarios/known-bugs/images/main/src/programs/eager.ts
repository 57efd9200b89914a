import { daprClient, writeBlob } from "../blobs.ts";
import { print } from "../print.ts";
import { route, serve } from "../serve.ts";

/** The bug: it needs its sidecar before it listens. The client gives up after 30.7 s, and never where nobody answers. */
export async function run(): Promise<void> {
  await (await daprClient()).start();
  print("the sidecar is there");
  await serve({ routes: new Map(route("/batch", handle)) });
}

async function handle(): Promise<number> {
  if (process.env["WRITES"] !== "false") await writeBlob();
  return 200;
}
