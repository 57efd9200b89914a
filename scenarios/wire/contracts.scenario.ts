import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { bindingActive } from "../../harness/contracts/binding-active.ts";
import { BUILT_IN_CONTRACTS } from "../../harness/contracts/built-in.ts";
import { check } from "../../harness/contracts/check.ts";
import type { Judgement } from "../../harness/contracts/contract.ts";
import { readRunRecord } from "../../harness/contracts/read-run-record.ts";
import { cadenceOf } from "../../harness/contracts/wire/cadence-figures.ts";
import { cadence } from "../../harness/contracts/wire/cadence.ts";
import { invokes } from "../../harness/contracts/wire/invokes.ts";
import { respondsWithin } from "../../harness/contracts/wire/responds-within.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";
import { state } from "../support/statement.ts";

const SITES = "scenarios/known-bugs/sites";
const wellBuilt = siteTest(`${SITES}/well-built`, { tap: true });
const slowHandler = siteTest(`${SITES}/slow-handler`, { tap: true });
const postedAgain = siteTest(`${SITES}/posted-again`, { tap: true });
const withoutDirection = siteTest(`${SITES}/hono-without-direction`, { tap: true });

const TICKS_WITHIN_MS = 30_000;

const CONTRACTS = [
  cadence("batch"),
  bindingActive("batch"),
  invokes("blob", "create"),
  respondsWithin("/batch", { from: "dapr", mostMs: 1000 }),
  respondsWithin("/v1.0/bindings/*", { to: "dapr", mostMs: 1000 }),
];

wellBuilt("a good site holds them all, by the wire, and its run on disk says the same", async ({ site }) => {
  await untilEvent(site, "tick", { nth: 8, withinMs: TICKS_WITHIN_MS });
  const record = await site.conclude();

  const judgements = check([...CONTRACTS, ...BUILT_IN_CONTRACTS], record);
  const figures = cadenceOf(record, "batch");
  state(`a good site: ${judgements.flatMap(({ evidence }) => evidence.slice(0, 5)).join("; ")}`);
  expect(troubles(judgements)).toEqual([]);
  expect(figures).toMatchObject([{ seen: "wire", missed: 0, duplicated: 0, overlapping: 0, mostAtOnce: 1 }]);
  expect(figures[0]?.ticks).toBeGreaterThanOrEqual(8);

  await site[Symbol.asyncDispose]();
  const read = check([...CONTRACTS, ...BUILT_IN_CONTRACTS], await readRunRecord(site.runDirectory));
  expect(read).toEqual(judgements);
});

wellBuilt("an outage of main leaves the phase, a restart of daprd begins a new one", async ({ site }) => {
  await untilEvent(site, "tick", { nth: 3, withinMs: TICKS_WITHIN_MS });
  await killAndStart(site, "main");
  await untilEvent(site, "tick", { withinMs: TICKS_WITHIN_MS, matches: successAfter(site.timeline.now()) });
  await untilEvent(site, "tick", {
    nth: 2,
    withinMs: TICKS_WITHIN_MS,
    matches: successAfter(site.timeline.now()),
  });
  await killAndStart(site, "dapr");
  await untilEvent(site, "tick", {
    nth: 3,
    withinMs: TICKS_WITHIN_MS,
    matches: successAfter(site.timeline.now()),
  });

  const record = await site.conclude();
  const [figures] = cadenceOf(record, "batch");
  state(`phases: ${JSON.stringify(figures?.phases)}`);
  expect(troubles(check(CONTRACTS, record))).toEqual([]);
  expect(figures?.phases).toMatchObject([
    { what: '"main" is killed', beganAnew: false },
    { what: '"dapr" is killed', beganAnew: true },
  ]);
  expect(figures?.firstTicks).toHaveLength(2);
});

slowHandler(
  "a handler slower than the interval: ticks overlap, and answers are late",
  async ({ startSite }) => {
    const site = await startSite();
    await untilEvent(site, "tick", { nth: 3, withinMs: TICKS_WITHIN_MS });
    const judgements = check(
      [cadence("batch"), respondsWithin("/batch", { mostMs: 1000 }), bindingActive("batch")],
      await site.conclude(),
    );
    state(`slow handler: ${JSON.stringify(judgements)}`);
    expect(troubles(judgements)).toEqual([
      'broken cadence("batch"): ticks of "batch" overlap',
      'broken respondsWithin("/batch"): requests to /batch are answered late',
    ]);
  },
);

postedAgain("an answer of 204 under a retry policy: each tick is posted again", async ({ site }) => {
  await untilEvent(site, "tick", { nth: 3, withinMs: TICKS_WITHIN_MS });
  const record = await site.conclude();
  const judgements = check([cadence("batch")], record);
  state(`posted again: ${JSON.stringify(judgements)}`);
  expect(troubles(judgements)).toEqual([
    'broken cadence("batch"): ticks of "batch" are posted again',
    'broken cadence("batch"): daprd takes ticks of "batch" for failures that the app has answered with success',
  ]);
  // The tick itself comes once.
  expect(cadenceOf(record, "batch")).toMatchObject([{ missed: 0, retried: 0, unreached: 0, failed: 0 }]);
});

withoutDirection(
  "an app that answers OPTIONS with 404: the binding is never active",
  async ({ startSite }) => {
    const site = await startSite({ until: "scheduled" });
    await untilEvent(site, "exchange", {
      withinMs: TICKS_WITHIN_MS,
      matches: ({ exchange }) => exchange.request.method === "OPTIONS",
    });
    const judgements = check(
      [bindingActive("batch"), cadence("batch", { missed: false })],
      await site.conclude(),
    );
    state(`without direction: ${JSON.stringify(judgements)}`);
    expect(judgements[0]).toMatchObject({
      verdict: "broken",
      symptom: 'binding "batch" never active',
      evidence: [expect.stringContaining("on the wire OPTIONS /batch had 404")],
    });
  },
);

wellBuilt(
  "a container that is not there: create fails on the wire, and has no effect",
  async ({ startSite }) => {
    const file = `${SITES}/well-built/components/blob.yaml`;
    const content = (await readFile(file, "utf8")).replace(
      /( *)- name: containerName\n *value: .*\n/,
      '$1- name: containerName\n$1  value: nothere\n$1- name: disableEntityManagement\n$1  value: "true"\n',
    );
    const path = "/sites/well-built/components/blob.yaml";
    const site = await startSite({ files: { dapr: [{ path, content, mode: 0o644 }] } });
    await untilEvent(site, "tick", { nth: 2, withinMs: TICKS_WITHIN_MS });
    const judgements = check([invokes("blob", "create")], await site.conclude());
    state(`no container: ${JSON.stringify(judgements)}`);
    expect(troubles(judgements)).toEqual([
      'broken invokes("blob", "create"): calls of "blob" with create fail',
      'broken invokes("blob", "create"): "blob" is not invoked with create',
    ]);
  },
);

async function killAndStart(site: RunningSite, container: string): Promise<void> {
  await site.container(container).kill();
  await site.container(container).start();
}

function successAfter(fromMs: number) {
  return ({ tMs, success }: { readonly tMs: number; readonly success: boolean }): boolean =>
    tMs > fromMs && success;
}

function troubles(judgements: readonly Judgement[]): readonly string[] {
  return judgements
    .filter(({ verdict }) => verdict !== "held")
    .map(({ verdict, contract, symptom = "" }) => `${verdict} ${contract}: ${symptom}`);
}
