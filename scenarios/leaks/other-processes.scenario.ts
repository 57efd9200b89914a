import { expect } from "vitest";
import { startSite } from "../../harness/site/start-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { aloneWithPrune } from "../support/alone-with-prune.ts";
import { leftoversOf, removeRuns } from "../support/leftovers.ts";
import { Runner } from "../support/runner.ts";
import { untilHolds } from "../support/until-holds.ts";

const test = siteTest("fixtures/sites/example");

const UNTIL_STARTED_MS = 90_000;

const SITECAR = [process.execPath, "harness/cli/main.ts"] as const;

/** Of the example: platform, storage, main, dapr, their network, and the volumes of log files and trust that they share. */
const WHOLE_SITE = [...Array(4).fill("container"), "network", "volume", "volume"];

test.concurrent("a test that fails leaves nothing", async ({ host }) => {
  await using vitest = await Runner.start(host.engine, vitestOf("failing"));
  await vitest.untilEvent("container.created", { withinMs: UNTIL_STARTED_MS });

  const end = await vitest.ended();

  expect(end).toMatchObject({ exitCode: 1 });
  expect(end.stdout).toMatch(/1 failed/);
  // Who has to mend it finds the containers' state and the record.
  expect(end.stderr).toMatch(/site "example", instance 0-1: main .*; dapr /);
  expect(end.stderr).toMatch(/record: \//);
  expect(await vitest.leftovers()).toEqual([]);
});

test.concurrent("Ctrl-C of vitest leaves nothing", async ({ host }) => {
  await using vitest = await Runner.start(host.engine, vitestOf("endless"));
  await untilMainStarted(vitest);
  expect(kinds(await vitest.leftovers())).toEqual(WHOLE_SITE);

  vitest.interrupt();
  await vitest.ended();

  expect(await vitest.leftovers()).toEqual([]);
});

test.concurrent(
  "what a runner left that was killed is removed by the next start",
  async ({ host, definition }) => {
    await using killed = await Runner.start(host.engine, [...SITECAR, "up", "fixtures/sites/example"]);
    await untilMainStarted(killed);
    expect(kinds(await killed.leftovers())).toEqual(WHOLE_SITE);

    killed.killAll();
    await killed.ended();
    await using next = await startSite(definition, { until: "scheduled" });

    expect(kinds(await leftoversOf(host.engine, [next.runId]))).toEqual(WHOLE_SITE);
    await untilRemoved(killed);
  },
);

test.concurrent(
  "`sitecar prune` removes what dead runs left, and nothing of those that go on",
  async ({ host, startSite: start }) => {
    const going = await start({ until: "scheduled" });
    await using killed = await Runner.start(host.engine, [...SITECAR, "up", "fixtures/sites/example"]);
    await untilMainStarted(killed);
    killed.killAll();
    await killed.ended();
    await using _ = await aloneWithPrune();
    // Every start of a site removes what dead runs left, also those of scenarios beside this one. These they let be.
    const labels = { "sitecar.run": `by-hand-${process.pid}`, "sitecar.runner": "nobody" };
    await using cleanUp = new AsyncDisposableStack();
    cleanUp.defer(() => removeRuns(host.engine, [labels["sitecar.run"]]));
    const { docker } = host.engine;
    await docker.createVolume({ Labels: labels });
    await docker.createNetwork({ Name: labels["sitecar.run"], Labels: labels });
    await docker.createContainer({ Image: host.images.platform.reference, Labels: labels });
    expect(kinds(await leftoversOf(host.engine, [labels["sitecar.run"]]))).toEqual([
      "container",
      "network",
      "volume",
    ]);

    await using prune = await Runner.start(host.engine, [...SITECAR, "prune", "--json"]);
    const end = await prune.ended();

    expect(end).toMatchObject({ exitCode: 0 });
    const { removed }: { readonly removed: readonly { readonly kind: string; readonly runId: string }[] } =
      JSON.parse(end.stdout);
    expect(kinds(removed.filter(({ runId }) => runId === labels["sitecar.run"]))).toEqual([
      "container",
      "network",
      "volume",
    ]);
    expect(await leftoversOf(host.engine, [labels["sitecar.run"]])).toEqual([]);
    await untilRemoved(killed);
    expect(kinds(await leftoversOf(host.engine, [going.runId]))).toEqual(WHOLE_SITE);
  },
);

function vitestOf(child: string): readonly [string, ...string[]] {
  return [
    "npx",
    "vitest",
    "run",
    "--config",
    "scenarios/leaks/child/vitest.config.ts",
    `scenarios/leaks/child/${child}.child.ts`,
  ];
}

async function untilMainStarted(runner: Runner): Promise<void> {
  await runner.untilEvent("container.started", {
    withinMs: UNTIL_STARTED_MS,
    matches: ({ container }) => container === "main",
  });
}

/** What the start of a scenario beside this one is removing at this moment, everybody else leaves to that one. */
async function untilRemoved(killed: Runner): Promise<void> {
  await untilHolds(async () => expect(await killed.leftovers()).toEqual([]));
}

function kinds(leftovers: readonly { readonly kind: string }[]): readonly string[] {
  return leftovers.map(({ kind }) => kind).toSorted();
}
