import { setTimeout as passed } from "node:timers/promises";
import { print } from "../print.ts";
import { route, serve } from "../serve.ts";

const SIDECAR = "http://127.0.0.1:3500";

/** Below the interval of 1 s, so that ticks never overlap; what is not done by then is said to have failed. */
const BUDGET_MS = 800;
const PAUSE_MS = 100;

let written = 0;

/**
 * Listens first, whatever its sidecar does. For a tick it waits, within the budget, until the sidecar can call out, and tries
 * again what failed; every try is a request of its own, so that nothing of a failed one stays. 200 only when it is done.
 * On SIGTERM it answers what it has, and ends with 0.
 */
export async function run(): Promise<void> {
  await serve({ routes: new Map(route("/batch", handle)) });
}

async function handle(): Promise<number> {
  const time = new Date();
  // Named once: a try whose answer was lost is overwritten by the next and does not count twice.
  const blobName = `batch_${time.getTime()}_${++written}.txt`;
  const budget = AbortSignal.timeout(BUDGET_MS);
  const body = JSON.stringify({ operation: "create", data: time.toISOString(), metadata: { blobName } });
  for (let tries = 1; ; tries++) {
    try {
      if (await canCallOut(budget)) {
        await create(body, budget);
        return 200;
      }
    } catch (error) {
      print(`try ${tries}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (budget.aborted) return 503;
    await passed(PAUSE_MS);
  }
}

/** `/v1.0/healthz/outbound`: does not wait for the app, so that nobody waits for each other (daprd.md §1). */
async function canCallOut(signal: AbortSignal): Promise<boolean> {
  const { status } = await fetch(`${SIDECAR}/v1.0/healthz/outbound`, { signal });
  return status === 204;
}

async function create(body: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${SIDECAR}/v1.0/bindings/blob`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal,
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}
