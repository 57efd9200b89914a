import { expect } from "vitest";
import { inject } from "../../harness/faults/inject.ts";
import { memoryLimit } from "../../harness/faults/memory-limit.ts";
import { processorStarved } from "../../harness/faults/processor-starved.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { siteOfTwo } from "../plan/site-of-two.ts";
import { beforeMain } from "../support/before-main.ts";
import { untilHolds } from "../support/until-holds.ts";

/** What was killed stays dead, so that it can be looked at. */
const LEAVE = { onContainerExitAfterStart: "leave" } as const;
const test = siteTest(siteOfTwo, { until: "started", settings: LEAVE, schedule: beforeMain("helper") });

const MB = 1024 ** 2;

test.concurrent.for([
  ["of its own alone", undefined],
  ["within its plan's", { cpus: 2, memoryBytes: 2048 * MB }],
] as const)(
  "a memory limit %s that is hit ends the container; lifted, it lives again",
  async ([, resources], { startSite }) => {
    const site = await startSite(resources === undefined ? {} : { resources });
    const main = site.container("main");
    await using limit = await inject(site, memoryLimit({ container: "main", memoryMib: 120 }));
    await ask(site.url, "/hold?mb=160").catch(() => undefined);
    const exit = await main.ended(60_000, site.signal);
    expect(exit).toMatchObject({ exitCode: 137, outOfMemory: true, asked: false });
    const killed = site.timeline.of("container.out-of-memory");
    expect(killed).toMatchObject(resources === undefined ? [] : [{ container: "main", limit: "container" }]);
    expect(site.container("helper").exits()).toEqual([]);

    await main.start();
    await limit.heal();
    // The engine's proxy takes connections before main does, and closes them. The agent may not have seen the port closed.
    const origin = `http://127.0.0.1:${site.publishedPort(8080)}`;
    await untilHolds(async () => expect(await ask(origin, "/")).toBe("0"));
    expect(await ask(origin, "/hold?mb=160")).toBe("1");
    expect(main.exits()).toHaveLength(1);
  },
);

test.concurrent(
  "a limit below what a container has is all that it has: the next page is one too many",
  async ({ site }) => {
    expect(await ask(site.url, "/hold?mb=100")).toBe("1");
    await inject(site, memoryLimit({ container: "main", memoryMib: 20 }));
    expect(site.container("main").state).toBe("running");
    await ask(site.url, "/hold?mb=30").catch(() => undefined);
    expect(await site.container("main").ended(60_000, site.signal)).toMatchObject({ outOfMemory: true });
  },
);

test.concurrent(
  "a container gets the share of a core that it is given, and more when healed",
  async ({ site }) => {
    const starved = await inject(site, processorStarved({ container: "helper", cpus: 0.02 }));
    // It is stopped at the end of a turn, so that it may have one more than its share.
    expect(await share(site)).toBeLessThan(0.04);
    await starved.heal();
    // Others may have the core for a while; the limit would never let it have so much.
    await untilHolds(async () => expect(await share(site)).toBeGreaterThan(0.06));
  },
);

/** How much of a core a shell that counts gets, whatever else the machine does. */
async function share(site: RunningSite): Promise<number> {
  const count = 'TIMEFORMAT="%U %S %R"; time (for ((i = 0; i < 30000; i++)); do :; done)';
  const { stderr } = await site.container("helper").exec(["bash", "-c", count]);
  const [user = 0, system = 0, wall = 0] = stderr.trim().split(" ").map(Number);
  return (user + system) / wall;
}

async function ask(url: string, path: string): Promise<string> {
  return await (await fetch(new URL(path, url))).text();
}
