import type { InputBindingCount } from "../../harness/dapr/dapr-metrics.ts";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";

/** Of the deployed `batch.yaml`. */
const BINDING = "batch";
const ROUTE = "/.internal/batch";

const FOUND_WITHIN_MS = 60_000;

/**
 * What `look` sees while no tick of the example's cron binding comes or is under way, so that counts of different things tell of
 * the same ticks; and daprd's own count of them. It looks again where a tick came between.
 * @throws {Error} there was no such moment within a minute; its cause is what `look` threw last.
 */
export async function betweenTicks<T>(
  site: RunningSite,
  look: () => Promise<T>,
): Promise<{ readonly seen: T; readonly count: InputBindingCount }> {
  const outcome = await poll(
    async () => {
      const before = await ticksOf(site);
      if (before.sent !== before.counted) return undefined;
      const seen = await look();
      const { sent, count } = await ticksOf(site);
      return sent === before.sent ? { seen, count } : undefined;
    },
    { deadline: Deadline.in(FOUND_WITHIN_MS), signal: site.signal },
  );
  if (outcome.met) return outcome.value;
  throw new Error("there was no moment without a tick", { cause: outcome.lastFailure });
}

async function ticksOf(site: RunningSite) {
  const metrics = await site.dapr().metrics();
  const count = metrics.inputBindingCount(BINDING);
  return { sent: metrics.deliveryPosts(ROUTE).sent, counted: count.success + count.failed, count };
}
