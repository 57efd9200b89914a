import { Deadline, poll } from "../../harness/shared/clock.ts";

/**
 * Looks again until `check`, an `expect` of what it looks at, throws no more; fails with what it threw last. In place of vitest's
 * `expect.poll`, which finds no test of its own when a concurrent one has just ended.
 */
export async function untilHolds(check: () => Promise<void>, { withinMs = 30_000 } = {}): Promise<void> {
  const outcome = await poll(
    async () => {
      await check();
      return true;
    },
    { deadline: Deadline.in(withinMs) },
  );
  if (!outcome.met) throw outcome.lastFailure;
}
