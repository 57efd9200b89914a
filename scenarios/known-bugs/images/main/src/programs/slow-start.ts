import { setTimeout as passed } from "node:timers/promises";
import { serve, type Handler } from "../serve.ts";

const SLOW_FOR_MS = 5_000;

/**
 * The bug: in the first seconds of its life its routes answer when what they need is loaded. daprd waits for the answer to
 * OPTIONS 3 s, and never asks again (dapr/dapr#10185).
 */
export async function run(): Promise<void> {
  const loaded = passed(SLOW_FOR_MS);
  const handle: Handler = async () => {
    await loaded;
    return 200;
  };
  await serve({
    routes: new Map([
      ["POST /batch", handle],
      ["OPTIONS /batch", handle],
    ]),
  });
}
