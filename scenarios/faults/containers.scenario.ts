import { expect } from "vitest";
import { containerKill } from "../../harness/faults/container-kill.ts";
import { containerPause } from "../../harness/faults/container-pause.ts";
import { containerRestart } from "../../harness/faults/container-restart.ts";
import { inject } from "../../harness/faults/inject.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite, withProperties } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { ANSWERING_MAIN, IDLE_PORT, smallSite } from "../support/small-site.ts";

const SIDE = { container: "side" };

const small = smallSite(
  await exampleSite(),
  { main: ANSWERING_MAIN, side: ANSWERING_MAIN.replace("8080", String(IDLE_PORT)) },
  { observedPorts: [IDLE_PORT] },
);
const test = siteTest(small.definition, small.options);

test.concurrent("kill, pause and restart: what the site meets, and that it is undone", async ({ site }) => {
  const side = site.container("side");
  await untilEvent(site, "port.opened", { withinMs: 60_000, matches: ({ port }) => port === IDLE_PORT });

  {
    await using _ = await inject(site, containerKill(SIDE));
    expect(side.exits().map(({ exitCode, asked }) => [exitCode, asked])).toEqual([[137, true]]);
    expect(await answers(site)).toBe(false);
  }
  await untilAnswers(site, 2);

  {
    // Its process takes SIGTERM and ends with 0; healing waits for that before it starts it again.
    await using _ = await inject(site, containerKill({ ...SIDE, signal: "SIGTERM" }));
  }
  expect(side.exits().map(({ exitCode }) => exitCode)).toEqual([137, 0]);
  await untilAnswers(site, 3);

  {
    await using outage = await inject(site, containerPause(SIDE));
    let answered = false;
    const asked = fetch(`http://127.0.0.1:${site.publishedPort(IDLE_PORT)}/`).then(({ status }) => {
      answered = true;
      return status;
    });
    // Main goes on: its answers come and go while that one is waited for.
    for (let round = 0; round < 5; round++) expect((await fetch(site.url)).status).toBe(200);
    expect([answered, side.state]).toEqual([false, "paused"]);
    await outage.heal();
    // The same request, accepted while all was frozen.
    expect(await asked).toBe(200);
  }

  await inject(site, containerRestart(SIDE));
  expect(side.exits().map(({ exitCode }) => exitCode)).toEqual([137, 0, 0]);
  await untilAnswers(site, 4);

  const gone = await inject(site, containerKill({ ...SIDE, leave: true }));
  await gone.heal();
  expect(side.state).toBe("exited");
  await expect(inject(site, containerPause(SIDE))).rejects.toMatchObject({ code: "FAULT_NOT_POSSIBLE" });

  const recorded = site.timeline.events.flatMap((event) =>
    event.type === "fault.injected" || event.type === "fault.healed" ? [`${event.type} ${event.what}`] : [],
  );
  expect(recorded).toEqual([
    "fault.injected side is killed",
    "fault.healed side is killed",
    "fault.injected side is killed by SIGTERM",
    "fault.healed side is killed by SIGTERM",
    "fault.injected side is paused",
    "fault.healed side is paused",
    "fault.injected side is restarted",
    "fault.injected side is killed for good",
    "fault.healed side is killed for good",
  ]);
});

test.concurrent(
  "faults that are on when the site is stopped, and when it ends, need no care",
  async ({ startSite }) => {
    const site = await startSite();
    await untilAnswers(site, 1);
    await using _ = await inject(site, containerKill({ container: "main" }));
    const pause = await inject(site, containerPause(SIDE));
    await site.stop();
    // What the stop ended is not started again.
    await pause.heal();
    expect(site.container("side").state).toBe("exited");
    await site[Symbol.asyncDispose]();
  },
);

const exampleTest = siteTest(
  // Where daprd is the first process itself: the shell that is it otherwise takes no notice of SIGTERM.
  withProperties(await exampleSite(), "dapr", { startUpCommand: "entrypoint-corrected.sh" }),
  { until: "scheduled" },
);

exampleTest("what daprd makes of a signal is its container's exit code", async ({ site }) => {
  const dapr = site.container("dapr");
  for (const [index, signal] of (["SIGTERM", "SIGQUIT", "SIGKILL"] as const).entries()) {
    await untilEvent(site, "port.opened", {
      withinMs: 60_000,
      nth: index + 1,
      matches: ({ port }) => port === 3500,
    });
    const fault = await inject(site, containerKill({ container: "dapr", signal }));
    await fault.heal();
    expect(dapr.state).toBe("running");
  }
  expect(dapr.exits().map(({ exitCode }) => exitCode)).toEqual([0, 2, 137]);
});

async function answers(site: RunningSite): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${site.publishedPort(IDLE_PORT)}/`)).ok;
  } catch {
    return false;
  }
}

/** @param life counted from 1. */
async function untilAnswers(site: RunningSite, life: number): Promise<void> {
  await untilEvent(site, "port.opened", {
    withinMs: 60_000,
    nth: life,
    matches: ({ port }) => port === IDLE_PORT,
  });
  expect(await answers(site)).toBe(true);
}
