import { expect } from "vitest";
import { BUILT_IN_CONTRACTS } from "../../harness/contracts/built-in.ts";
import { check } from "../../harness/contracts/check.ts";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite } from "../support/example-site.ts";
import { componentFiles, cronSite, requestsOf } from "./cron-site.ts";

const FROM = "2026-03-27T00:00:00Z";

const cron = cronSite(await exampleSite(), {
  every: "@every 12h",
  night: "0 0 3 * * *",
  monthly: "@monthly",
  berlin: "CRON_TZ=Europe/Berlin 0 30 2 * * *",
});

const test = siteTest(cron.definition, { ...cron.options, virtualTime: { from: FROM } });

/** Another set of bindings for the same site. */
function bindings(schedules: Readonly<Record<string, string>>) {
  return { files: { ...cron.options.files, dapr: componentFiles(schedules) } };
}

/** `<binding> <day and time in UTC>` */
function told(ticks: readonly { readonly component: string; readonly due: Date }[]): readonly string[] {
  return ticks.map(({ component, due }) => `${component} ${due.toISOString().slice(5, 16)}`);
}

test.concurrent("months pass in seconds: each tick in its order, and one request each", async ({ site }) => {
  expect(site.clock.now()).toEqual(new Date(FROM));
  expect(await site.clock.nextTick()).toMatchObject({
    due: new Date("2026-03-27T01:30:00Z"),
    component: "berlin",
    container: "dapr",
    instance: "0-1",
  });

  // Clocks go forward on the 29th: in Berlin there is no 02:30.
  const { ticks } = await site.clock.advance("P3D");
  expect(told(ticks)).toEqual([
    "berlin 03-27T01:30",
    "night 03-27T03:00",
    "every 03-27T12:00",
    "every 03-28T00:00",
    "berlin 03-28T01:30",
    "night 03-28T03:00",
    "every 03-28T12:00",
    "every 03-29T00:00",
    "night 03-29T03:00",
    "every 03-29T12:00",
    "every 03-30T00:00",
  ]);

  // Those of the same moment by their names: the month's last night has two.
  const rest = await site.clock.advanceTo("2026-04-01T00:00:00Z");
  expect(told(rest.ticks).slice(-2)).toEqual(["every 04-01T00:00", "monthly 04-01T00:00"]);
  await site.clock.advance("P1M");
  expect(site.clock.now()).toEqual(new Date("2026-05-01T00:00:00Z"));

  const events = site.timeline.of("virtual.tick");
  const posts = (await requestsOf(site)).filter(({ method }) => method === "POST");
  expect(posts.map(({ path }) => path)).toEqual(events.map(({ component }) => `/${component}`));
  expect(new Set(events.map(({ outcome }) => outcome))).toEqual(new Set(["succeeded"]));
  expect(events.filter(({ component }) => component === "night")).toHaveLength(35);
  // daprd's own account, on its metrics, agrees.
  expect(await site.dapr().inputBindingCount("night")).toEqual({ success: 35, failed: 0 });
});

test.concurrent("clocks go back: what comes twice in Berlin fires twice", async ({ startSite }) => {
  const site = await startSite({
    ...bindings({ berlin: "CRON_TZ=Europe/Berlin 0 30 2 * * *" }),
    virtualTime: { from: "2026-10-24T12:00:00Z" },
  });
  expect(told((await site.clock.advance("48h")).ticks)).toEqual([
    "berlin 10-25T00:30",
    "berlin 10-25T01:30",
    "berlin 10-26T01:30",
  ]);
});

test.concurrent(
  "the daprd that takes part can't be taken for the released one, and everything of the run says virtual",
  async ({ startSite, host }) => {
    const site = await startSite(bindings({ fails: "@every 1h", works: "@every 1h" }));
    expect((await site.dapr().metadata()).runtimeVersion).toBe("1.18.2-virtual-time");
    const { virtualTime, reference } = host.images.of("example.azurecr.io/dapr-sidecar:1.0.0");
    expect({ virtualTime, reference }).toEqual({
      virtualTime: true,
      reference: expect.stringMatching(/^sitecar\/dapr-sidecar-virtual-time:/),
    });
    expect(site.plan.differences).toContainEqual(
      expect.objectContaining({ subject: "dapr", what: expect.stringContaining("virtual time") }),
    );

    const { ticks } = await site.clock.advance("PT2H");
    expect(ticks.map(({ component, outcome }) => `${component} ${outcome}`)).toEqual([
      "fails failed",
      "works succeeded",
      "fails failed",
      "works succeeded",
    ]);
    const record = await site.conclude();
    expect(record.events.filter(({ virtual }) => virtual === undefined)).toEqual([]);
    const judgements = check(BUILT_IN_CONTRACTS, record);
    expect(judgements.filter(({ time }) => time !== "virtual")).toEqual([]);
    expect(judgements.find(({ contract }) => contract === 'ticksDelivered("fails")')).toMatchObject({
      verdict: "broken",
      evidence: [
        expect.stringMatching(/^2 of 2 deliveries failed, due at 2026-03-27T01:00/),
        expect.stringContaining("500"),
        "virtual time: cron followed sitecar's clock, from 2026-03-27T00:00:00.000Z to 2026-03-27T02:00:00.000Z",
      ],
    });
    expect(judgements.find(({ contract }) => contract === 'ticksDelivered("works")')).toMatchObject({
      verdict: "held",
    });
  },
);

test.concurrent(
  "two workers: their clocks go together, and their ticks come in turn",
  async ({ startSite }) => {
    const site = await startSite({
      ...bindings({ hourly: "@hourly", every: "@every 25m" }),
      instances: 2,
    });
    const { ticks } = await site.clock.advance("1h");
    expect(ticks.map(({ instance, component }) => `${instance} ${component}`)).toEqual([
      "0-1 every",
      "1-1 every",
      "0-1 every",
      "1-1 every",
      "0-1 hourly",
      "1-1 hourly",
    ]);
    const fires = check(BUILT_IN_CONTRACTS, await site.conclude()).filter(({ contract }) =>
      contract.startsWith("firesOnce"),
    );
    expect(fires.map(({ contract, verdict }) => `${verdict} ${contract}`).toSorted()).toEqual([
      'broken firesOnce("every")',
      'broken firesOnce("hourly")',
    ]);
  },
);

test.concurrent(
  "a daprd that is started again begins its interval at the present time",
  async ({ startSite }) => {
    const site = await startSite(bindings({ every: "@every 10m" }));
    expect(told((await site.clock.advance("15m")).ticks)).toEqual(["every 03-27T00:10"]);

    const dapr = site.container("dapr");
    await dapr.kill();
    // Nothing takes part meanwhile, and nothing is made up for.
    expect((await site.clock.advance("1h")).ticks).toEqual([]);
    await dapr.start();
    const next = await poll(() => site.clock.nextTick(), {
      deadline: Deadline.in(60_000),
      signal: site.signal,
    });
    expect(next).toMatchObject({ met: true, value: { due: new Date("2026-03-27T01:25:00Z") } });
    expect(told((await site.clock.advance("20m")).ticks)).toEqual(["every 03-27T01:25", "every 03-27T01:35"]);
  },
);

test.concurrent("what can't be done is refused, and fires nothing", async ({ startSite }) => {
  const site = await startSite(bindings({ second: "@every 1s", hangs: "@every 48h" }));
  await expect(site.clock.advance("24h")).rejects.toMatchObject({
    code: "CLOCK_STEP_INVALID",
    message: expect.stringContaining("would fire 86,400 ticks, and 10,000 at once are allowed"),
  });
  await expect(site.clock.advance("-1h")).rejects.toMatchObject({ code: "CLOCK_STEP_INVALID" });
  await expect(site.clock.advance("tomorrow")).rejects.toMatchObject({ code: "CLOCK_STEP_INVALID" });
  await site.container("dapr").pause();
  await expect(site.clock.advance("1s")).rejects.toMatchObject({ code: "CLOCK_STEP_INVALID" });
  await site.container("dapr").resume();
  expect(site.clock.now()).toEqual(new Date(FROM));
  expect(site.timeline.of("virtual.tick")).toEqual([]);
});

test.concurrent(
  "an app that does not answer ends the step where it stands, or is not waited for",
  async ({ startSite }) => {
    const site = await startSite(bindings({ hangs: "@every 1h" }));
    await expect(site.clock.advance("3h", { answerWithinMs: 500 })).rejects.toMatchObject({
      code: "TICK_UNANSWERED",
      message: expect.stringContaining("2026-03-27T01:00:00.000Z (virtual time)"),
    });
    expect(site.clock.now()).toEqual(new Date("2026-03-27T01:00:00Z"));
    const { ticks } = await site.clock.advance("2h", { await: "started" });
    expect(ticks.map(({ due, outcome }) => `${due.toISOString().slice(11, 13)} ${outcome}`)).toEqual([
      "02 started",
      "03 started",
    ]);
    // All three are under way at once, as they would be in a handler that takes hours.
    const posted = await poll(
      async () => {
        const posts = (await requestsOf(site)).filter(({ path }) => path === "/hangs");
        return posts.length === 3 ? true : undefined;
      },
      { deadline: Deadline.in(60_000), signal: site.signal },
    );
    expect(posted.met).toBe(true);
  },
);
