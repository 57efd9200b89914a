import { expect } from "vitest";
import { Deadline } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";
import { siteOfTwo, withHelper } from "./site-of-two.ts";

const MB = 1024 ** 2;

/** Main takes some 60 MB by itself; 160 MB more fit once, not twice. */
const RESOURCES = { cpus: 2, memoryBytes: 320 * MB };
const LARGE_MB = 160;
const SMALL_MB = 60;

/** What was killed stays dead, so that it can be looked at. */
const test = siteTest(siteOfTwo, {
  resources: RESOURCES,
  settings: { onContainerExitAfterStart: "leave" },
});

test.concurrent(
  "what fits alone does not fit beside another container: memory is shared (A3.10)",
  async ({ startSite }) => {
    const [first, second, both] = await Promise.all([startSite(), startSite(), startSite()]);
    expect(await hold(first, LARGE_MB)).toBe("1");
    expect(await fill(second, LARGE_MB)).toBe(0);
    for (const site of [first, second]) expect(site.timeline.of("container.out-of-memory")).toEqual([]);

    expect(await hold(both, LARGE_MB)).toBe("1");
    const filled = fill(both, LARGE_MB).catch(() => undefined);
    const killed = await both.timeline.waitFor(() => both.timeline.of("container.out-of-memory")[0], {
      deadline: Deadline.in(60_000),
      description: "a process to be killed",
    });
    expect(killed.limit).toBe("plan");
    await filled;
  },
);

test.concurrent(
  "the container whose main process is killed ends out of memory, the other is not blamed (A3.10)",
  async ({ site }) => {
    const command = `head -c ${SMALL_MB}M /dev/zero >/dev/shm/held`;
    expect(await inHelper(site, command)).toBe(0);
    await hold(site, LARGE_MB);
    const asked = hold(site, LARGE_MB);

    const exit = await site.container("main").ended(60_000);

    expect(exit).toMatchObject({ exitCode: 137, outOfMemory: true, asked: false });
    // The engine's own event is told to every container under the limit, where control groups are of version 1.
    const killed = site.timeline.of("container.out-of-memory");
    expect(killed).toMatchObject([{ container: "main", limit: "plan" }]);
    // Told before the end that it is the reason of.
    expect(killed[0]?.seq).toBeLessThan(exit.seq);
    expect(site.container("helper").exits()).toEqual([]);
    // The front end answers for a main that is gone.
    expect(await asked).toMatch(/^502 /);
  },
);

test.concurrent(
  "a process that its container outlives is told too, and not as why the container ends (A3.10)",
  async ({ site }) => {
    await hold(site, SMALL_MB);

    const exitCode = await fill(site, 2 * LARGE_MB);

    expect(exitCode).toBe(137);
    const killed = await site.timeline.waitFor(() => site.timeline.of("container.out-of-memory")[0], {
      deadline: Deadline.in(60_000),
      description: "the killed process",
    });
    expect(killed).toMatchObject({ container: "helper", process: "tail", limit: "plan" });
    expect(await hold(site, 0)).toBe("2");
    await site.stop();
    expect(
      site.timeline.of("container.exited").map(({ container, outOfMemory }) => [container, outOfMemory]),
    ).toEqual(
      expect.arrayContaining([
        ["main", false],
        ["helper", false],
      ]),
    );
  },
);

test.concurrent(
  "a start that fails for want of memory says what the plan has (A3.10)",
  async ({ startSite }) => {
    const failure = startSite({ until: "started", schedule: { main: 30_000 } }, withHelper("tail /dev/zero"));

    await expect(failure).rejects.toMatchObject({
      code: "CONTAINER_EXITED_DURING_START",
      message: expect.stringMatching(
        /container "helper" ended with exit code 137 .*out of memory: the instance has 320 MB for all containers/,
      ),
      observations: expect.arrayContaining([
        {
          label: "out of memory",
          value: expect.stringMatching(/^helper: tail killed at .*, the plan's memory ran out$/),
        },
      ]),
    });
  },
);

/** Main holds so much more. Answers how often it was asked. */
async function hold(site: RunningSite, megabytes: number): Promise<string> {
  const response = await fetch(`${site.url}/hold?mb=${megabytes}`);
  return await response.text();
}

/** A process of the sidecar reads so much into memory. Answers how it ended. */
async function fill(site: RunningSite, megabytes: number): Promise<number> {
  const size = `${megabytes}M`;
  return await inHelper(site, `head -c ${size} /dev/zero | tail -c ${size} >/dev/null`);
}

/** Waits until the sidecar runs, which Started does not. */
async function inHelper(site: RunningSite, command: string): Promise<number> {
  await untilEvent(site, "container.started", {
    withinMs: 30_000,
    matches: ({ container }) => container === "helper",
  });
  const { exitCode } = await site.container("helper").exec(["sh", "-c", command]);
  return exitCode;
}
