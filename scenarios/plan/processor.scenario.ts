import { expect } from "vitest";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { SiteContainer } from "../../harness/site/site-container.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { beforeMain } from "../support/before-main.ts";
import { siteOfTwo } from "./site-of-two.ts";

/** So little that two busy containers would have more even on a machine with much else to do. */
const CORES = 0.1;

const test = siteTest(siteOfTwo, {
  resources: { cpus: CORES, memoryBytes: 512 * 1024 ** 2 },
  schedule: beforeMain("helper"),
});

/** So much processor time of both together is measured: much more than one gets while only the other has been read. */
const MEASURED_SECONDS = 2;

/** The kernel gives the quota anew every 0.1 s, so each end of the measurement may see one more. */
const QUOTA_SECONDS = CORES * 0.1;

test(
  "two busy containers share the plan's processor time, evenly (A3.10)",
  { timeout: 240_000 },
  async ({ site }) => {
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
          seconds: after.helper.untilSeconds - before.main.fromSeconds,
        };
        return used.main + used.helper < MEASURED_SECONDS ? undefined : used;
      },
      { deadline: Deadline.in(120_000) },
    );

    if (!outcome.met) throw new Error("the containers were not busy", { cause: outcome.lastFailure });
    const used = outcome.value;
    expect(used.main + used.helper).toBeLessThan(CORES * used.seconds + 2 * QUOTA_SECONDS);
    // Each alone could have had all of it.
    expect(Math.min(used.main, used.helper) / Math.max(used.main, used.helper)).toBeGreaterThan(0.5);
  },
);

interface Usage {
  readonly busySeconds: number;
  /** It was read after this, … */
  readonly fromSeconds: number;
  /** … and before this. */
  readonly untilSeconds: number;
}

/** Processor time of a container, from its control group of either version, and when it was read. */
async function usageOf(container: SiteContainer): Promise<Usage> {
  const { stdout } = await container.exec([
    "sh",
    "-c",
    "cat /proc/uptime; head -n 1 /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null || head -n 1 /sys/fs/cgroup/cpu.stat; cat /proc/uptime",
  ]);
  const [from = "", usage = "", until = ""] = stdout.split("\n");
  const busySeconds = usage.startsWith("usage_usec ") ? Number(usage.slice(11)) / 1e6 : Number(usage) / 1e9;
  return { busySeconds, fromSeconds: Number.parseFloat(from), untilSeconds: Number.parseFloat(until) };
}
