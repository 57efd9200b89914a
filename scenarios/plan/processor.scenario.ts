import { expect } from "vitest";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { SiteContainer } from "../../harness/site/site-container.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { siteOfTwo } from "./site-of-two.ts";

const CORES = 0.25;

const test = siteTest(siteOfTwo, { resources: { cpus: CORES, memoryBytes: 512 * 1024 ** 2 } });

/** So much processor time of both together is measured. */
const MEASURED_SECONDS = 1;

/** The kernel gives the quota anew every 0.1 s, so each end of the measurement may see one more. */
const QUOTA_SECONDS = CORES * 0.1;

test("two busy containers share the plan's processor time, evenly (A3.10)", async ({ site }) => {
  await fetch(`${site.url}/work`);
  await site.container("helper").exec(["sh", "-c", "while :; do :; done >/dev/null 2>&1 & "]);
  const [main, helper] = [site.container("main"), site.container("helper")];
  const before = { main: await usageOf(main), helper: await usageOf(helper) };

  const outcome = await poll(
    async () => {
      const after = { main: await usageOf(main), helper: await usageOf(helper) };
      const used = {
        main: after.main.busySeconds - before.main.busySeconds,
        helper: after.helper.busySeconds - before.helper.busySeconds,
        // From the first reading to the last.
        seconds: after.helper.atSeconds - before.main.atSeconds,
      };
      return used.main + used.helper < MEASURED_SECONDS ? undefined : used;
    },
    { deadline: Deadline.in(60_000) },
  );

  if (!outcome.met) throw new Error("the containers were not busy", { cause: outcome.lastFailure });
  const used = outcome.value;
  expect(used.main + used.helper).toBeLessThan(CORES * used.seconds + 2 * QUOTA_SECONDS);
  // Each alone could have had all of it.
  expect(Math.min(used.main, used.helper) / Math.max(used.main, used.helper)).toBeGreaterThan(0.5);
});

/** Processor time of a container, from its control group of either version, and when it was read. */
async function usageOf(
  container: SiteContainer,
): Promise<{ readonly busySeconds: number; readonly atSeconds: number }> {
  const { stdout } = await container.exec([
    "sh",
    "-c",
    "cat /proc/uptime; cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null || cat /sys/fs/cgroup/cpu.stat",
  ]);
  const [uptime = "", usage = ""] = stdout.split("\n");
  const busySeconds = usage.startsWith("usage_usec ") ? Number(usage.slice(11)) / 1e6 : Number(usage) / 1e9;
  return { busySeconds, atSeconds: Number.parseFloat(uptime) };
}
