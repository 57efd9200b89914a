import { describe, expect, test } from "vitest";

import { readComponentFile } from "../dapr/component-files.ts";
import { exampleRun } from "./test-support/example-run.ts";
import { blobFile, cronFile } from "./test-support/files.ts";
import { judged, judgementsOf, run, troubles } from "./test-support/judged.ts";
import { at, exited, healthz, started, startOf, state, ticks, type Moment } from "./test-support/moments.ts";

/** The example's start without what comes after a moment. */
function startUntil(tMs: number): readonly Moment[] {
  return startOf().filter((moment) => moment.tMs <= tMs);
}

/** daprd ends during the start, which is then cancelled: storage was late. */
const DAPR_EXITS = [
  ...startUntil(130),
  exited(5200, "dapr"),
  state(5210, "CancellingStartup", { state: "Stopping", lastError: "ContainerStartupFailure" }),
];

describe("daprd exits during the start", () => {
  const record = exampleRun({
    moments: DAPR_EXITS,
    untilMs: 6_000,
    account: null,
    stopped: [],
    lines: [
      { container: "dapr", instance: "0-1", stream: "stdout", tMs: 5190, text: "fatal: no storage" },
      { container: "main", instance: "0-1", stream: "stdout", tMs: 5195, text: "waiting" },
    ],
  });

  test("is the cause of everything else that is broken", () => {
    expect(troubles(record)).toEqual([
      'broken nothingExits("dapr"): container "dapr" exits (1)',
      'broken siteStarts: the start is cancelled: container "dapr" exits <= nothingExits("dapr")',
      'broken componentsLoaded("batch"): component "batch" not loaded <= nothingExits("dapr")',
      'broken componentsLoaded("blob"): component "blob" not loaded <= nothingExits("dapr")',
      'broken bindingsActive("batch"): binding "batch" never active <= nothingExits("dapr")',
      'unknown ticksDelivered("batch")',
      'unknown ticksHaveEffect("batch")',
    ]);
  });

  test("the evidence has the code, the time, and the container's last line", () => {
    const [judgement] = judgementsOf(record, 'nothingExits("dapr")');
    expect(judgement?.evidence).toEqual(["ended with 1 at +5.20 s", "its last line: fatal: no storage"]);
  });
});

describe("nothingExits", () => {
  test("an end that was asked for is none, also one by a signal", () => {
    const moments = [...startOf(), exited(5000, "main", { exitCode: 137, asked: true })];
    expect(judged(exampleRun({ moments }), "nothingExits")).toEqual([
      'held nothingExits("main")',
      'held nothingExits("dapr")',
    ]);
  });

  test("one with 0 is one all the same, and running out of memory has a symptom of its own", () => {
    const moments = [
      ...startOf(),
      exited(5000, "main", { exitCode: 0 }),
      exited(5100, "dapr", { exitCode: 137, outOfMemory: true }),
    ];
    expect(judged(exampleRun({ moments }), "nothingExits")).toEqual([
      'broken nothingExits("main"): container "main" exits (0)',
      'broken nothingExits("dapr"): container "dapr" runs out of memory',
    ]);
  });

  test("an end after the observation is the stop's", () => {
    const moments = [...startOf(), exited(8001, "main")];
    expect(judged(exampleRun({ moments }), 'nothingExits("main")')).toEqual(['held nothingExits("main")']);
  });

  test("of a container that was never started nothing is said", () => {
    const moments = startOf().filter(
      ({ happening }) => !("container" in happening && happening.container === "dapr"),
    );
    expect(judged(exampleRun({ moments }), "nothingExits")).toEqual(['held nothingExits("main")']);
  });
});

describe("siteStarts", () => {
  test("main gives no answer within the limit", () => {
    const moments = [
      ...startUntil(510),
      at(300, {
        type: "probe.changed",
        probe: "warm-up",
        container: "main",
        status: null,
        detail: "ECONNREFUSED",
      }),
      state(230_200, "CancellingStartup", { state: "Stopping", lastError: "ContainerTimeout" }),
    ];
    const record = exampleRun({ moments, untilMs: 231_000, account: { health: 500 } });
    expect(judged(record, "siteStarts")).toEqual(["broken siteStarts: main does not answer the warm-up"]);
    expect(judgementsOf(record, "siteStarts")[0]?.evidence).toEqual([
      "the platform gave the start up after 230.10 s: ContainerTimeout",
      "main's last answer to the warm-up was none: ECONNREFUSED",
    ]);
  });

  test("an observation that ends before the limit tells nothing", () => {
    const record = exampleRun({ moments: startUntil(510), untilMs: 40_000, account: { health: 500 } });
    expect(judged(record, "siteStarts")).toEqual(["unknown siteStarts"]);
  });

  test("unless it is the laboratory's, which has waited for as long as it was told to", () => {
    const moments = [
      ...startUntil(510),
      at(40_000, { type: "phase", name: "observed", detail: "the settle time ran out" }, null),
    ];
    const record = exampleRun({
      moments,
      untilMs: 40_000,
      account: { health: 500, appConfigurationCalls: 0 },
    });
    expect(judged(record, "siteStarts")).toEqual(["broken siteStarts: main does not answer the warm-up"]);
    expect(judged(record, "bindingsActive")).toEqual([
      'broken bindingsActive("batch"): binding "batch" never active <= siteStarts',
    ]);
  });

  test("the limit is the site's own, by the platform's clock", () => {
    const settings = { startTimeLimitSeconds: 60, platformClock: 2 };
    const judge = (untilMs: number) =>
      judged(
        exampleRun({ moments: startUntil(510), untilMs, account: { health: 500 }, plan: { settings } }),
        "siteStarts",
      );
    expect(judge(30_000)).toEqual(["unknown siteStarts"]);
    expect(judge(30_101)).toEqual(["broken siteStarts: main does not answer the warm-up"]);
  });

  test("one instance of several that does not start breaks it", () => {
    const moments = [
      ...startOf("0-1"),
      ...startOf("1-1").filter(({ happening }) => happening.type !== "platform.state"),
      at(
        5210,
        {
          type: "platform.state",
          state: "Stopping",
          details: "CancellingStartup",
          lastError: "ContainerTimeout",
        },
        "1-1",
      ),
    ];
    const record = exampleRun({ moments });
    expect(judged(record, "siteStarts")).toHaveLength(1);
    expect(judgementsOf(record, "siteStarts")[0]?.evidence[0]).toContain("in instance 1-1");
  });
});

/** What is said of a component whose daprd has served nothing. */
function judgeSilent(untilMs: number, moments: readonly Moment[] = []): readonly string[] {
  const record = exampleRun({ moments: [...startUntil(130), ...moments], untilMs, account: null });
  return judged(record, 'componentsLoaded("blob")');
}

describe("componentsLoaded", () => {
  test("a component that daprd's metadata has not", () => {
    const record = run(ticks({ firstMs: 3000, count: 5 }), { account: { notLoaded: ["blob"] } });
    expect(judged(record, "componentsLoaded")).toEqual([
      'held componentsLoaded("batch")',
      'broken componentsLoaded("blob"): component "blob" not loaded',
    ]);
  });

  test("a document that daprd skips", () => {
    const broken = readComponentFile("/components/broken.yaml", Buffer.from("kind: Component\nspec: [\n"));
    const record = run(ticks({ firstMs: 3000, count: 5 }), { files: [cronFile(), blobFile(), broken] });
    expect(troubles(record)).toEqual([
      'broken componentsLoaded("/components/broken.yaml, document 1"): component "/components/broken.yaml, document 1" not loaded',
    ]);
  });

  test("one of another app's scope is not missed, and one of this app's is", () => {
    const others = cronFile({ name: "others", scopes: ["other"] });
    const own = cronFile({ name: "own", scopes: ["main"] });
    const record = run(ticks({ firstMs: 3000, count: 5 }), {
      files: [cronFile(), others, own],
      account: { notLoaded: ["others", "own"] },
    });
    expect(judged(record, "componentsLoaded")).toEqual([
      'held componentsLoaded("batch")',
      'broken componentsLoaded("own"): component "own" not loaded',
    ]);
  });

  test("without metadata at the end, what was seen before counts", () => {
    const record = run(ticks({ firstMs: 3000, count: 5 }), { account: null });
    expect(judged(record, "componentsLoaded")).toEqual([
      'held componentsLoaded("batch")',
      'held componentsLoaded("blob")',
    ]);
  });

  test("a daprd that has served nothing yet is unknown, and broken when that can't change any more", () => {
    const unknown = ['unknown componentsLoaded("blob")'];
    const broken = ['broken componentsLoaded("blob"): component "blob" not loaded'];
    expect(judgeSilent(36_000)).toEqual(unknown);
    expect(judgeSilent(231_000)).toEqual(broken);
    expect(judgeSilent(20_000, [state(1900, "Started")])).toEqual(unknown);
    expect(judgeSilent(36_000, [state(1900, "Started")])).toEqual(broken);
  });

  test("a daprd that the schedule has killed or paused is out of reach", () => {
    const killed = [...startOf(), exited(5000, "dapr", { exitCode: 137, asked: true })];
    const paused = [...startOf(), at(5000, { type: "container.paused", container: "dapr" })];
    for (const moments of [killed, paused]) {
      const record = exampleRun({ moments, account: null, untilMs: 60_000 });
      expect(judged(record, "componentsLoaded")).toEqual([
        'unknown componentsLoaded("batch")',
        'unknown componentsLoaded("blob")',
      ]);
      expect(judged(record, "bindingsActive")).toEqual(['unknown bindingsActive("batch")']);
    }
  });

  test("what a fault still keeps away is unknown", () => {
    const fault = { fault: "storage-refused" };
    const moments = [at(50, { type: "fault.injected", id: 1, fault, what: "storage refuses" }, null)];
    const record = run([], { moments, account: { notLoaded: ["blob"] } });
    expect(judged(record, 'componentsLoaded("blob")')).toEqual(['unknown componentsLoaded("blob")']);
  });
});

describe("bindingsActive", () => {
  test("the app refuses daprd's question: cron is silent for good, and so are its ticks", () => {
    const files = [cronFile({ direction: null }), blobFile()];
    const account = { options: { sent: 1, answers: { 404: 1 } } };
    expect(troubles(exampleRun({ moments: startOf(), files, account }))).toEqual([
      'broken bindingsActive("batch"): binding "batch" never active',
      'broken ticksDelivered("batch"): ticks of "batch" are missed <= bindingsActive("batch")',
      'unknown ticksHaveEffect("batch")',
    ]);
  });

  test("daprd has not found the app: unknown, and broken when that can't change any more", () => {
    const account = { health: 500, appConfigurationCalls: 0 };
    const judge = (untilMs: number, moments: readonly Moment[] = []) =>
      judged(exampleRun({ moments: [...startUntil(510), ...moments], untilMs, account }), "bindingsActive");
    const unknown = ['unknown bindingsActive("batch")'];
    const broken = 'broken bindingsActive("batch"): binding "batch" never active';
    expect(judge(36_000)).toEqual(unknown);
    expect(judge(231_000)).toEqual([`${broken} <= siteStarts`]);
    expect(judge(30_000, [state(1900, "Started")])).toEqual(unknown);
    expect(judge(36_000, [state(1900, "Started")])).toEqual([broken]);
  });

  test("main has ended: at once, and because of that", () => {
    const moments = [...startUntil(510), exited(1000, "main")];
    const record = exampleRun({ moments, untilMs: 3000, account: { health: 500, appConfigurationCalls: 0 } });
    expect(judged(record, "bindingsActive")).toEqual([
      'broken bindingsActive("batch"): binding "batch" never active <= nothingExits("main")',
    ]);
  });

  test("its component is not loaded", () => {
    const record = exampleRun({ moments: startOf(), account: { notLoaded: ["batch"] } });
    expect(judged(record, "bindingsActive")).toEqual([
      'broken bindingsActive("batch"): binding "batch" never active <= componentsLoaded("batch")',
    ]);
  });

  test("daprd ends after it had been active: it stops", () => {
    const moments = [...startOf(), exited(5000, "dapr")];
    expect(judged(exampleRun({ moments, account: null }), "bindingsActive")).toEqual([
      'broken bindingsActive("batch"): binding "batch" stops <= nothingExits("dapr")',
    ]);
  });

  test("one of several instances breaks it", () => {
    const moments = [...startOf("0-1"), ...startOf("1-1"), exited(5000, "dapr", { instance: "1-1" })];
    const record = exampleRun({ moments });
    expect(judged(record, "bindingsActive")).toEqual([
      'broken bindingsActive("batch"): binding "batch" stops <= nothingExits("dapr")',
    ]);
  });

  test("a daprd that was started again after it had ended is judged as it is then", () => {
    const moments = [exited(5000, "dapr"), healthz(5010, null), started(6000, "dapr"), healthz(6500, 204)];
    const record = run(ticks({ firstMs: 7500, count: 4 }), { moments, untilMs: 11_000 });
    expect(judged(record, "bindingsActive")).toEqual(['held bindingsActive("batch")']);
  });
});
