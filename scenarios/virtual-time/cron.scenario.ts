import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite } from "../support/example-site.ts";
import { cronSite, requestsOf } from "./cron-site.ts";

const cron = cronSite(await exampleSite(), {
  every: "@every 12h",
  night: "0 0 3 * * *",
  monthly: "@monthly",
  berlin: "CRON_TZ=Europe/Berlin 0 30 2 * * *",
});

const test = siteTest(cron.definition, { ...cron.options, virtualTime: { from: "2026-03-27T00:00:00Z" } });

/** `<binding> <day and time in UTC>` */
function told(ticks: readonly { readonly component: string; readonly due: Date }[]): readonly string[] {
  return ticks.map(({ component, due }) => `${component} ${due.toISOString().slice(5, 16)}`);
}

test("a month passes in seconds: each tick in its order, and one request each", async ({ site }) => {
  expect(site.clock.now().toISOString()).toBe("2026-03-27T00:00:00.000Z");
  expect(await site.clock.nextTick()).toMatchObject({
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

  // Of the same moment by their names; the month's last night has both.
  const rest = await site.clock.advanceTo("2026-04-01T00:00:00Z");
  expect(told(rest.ticks).slice(-2)).toEqual(["every 04-01T00:00", "monthly 04-01T00:00"]);
  await site.clock.advance("P1M");
  expect(site.clock.now().toISOString()).toBe("2026-05-01T00:00:00.000Z");

  const ticksOf = site.timeline.of("virtual.tick");
  const posts = (await requestsOf(site)).filter(({ method }) => method === "POST");
  expect(posts.map(({ path }) => path)).toEqual(ticksOf.map(({ component }) => `/${component}`));
  expect(ticksOf.every(({ outcome }) => outcome === "succeeded")).toBe(true);
  expect(ticksOf.filter(({ component }) => component === "night")).toHaveLength(35);
  // daprd's own account, on its metrics, agrees.
  expect(await site.dapr().inputBindingCount("night")).toEqual({ success: 35, failed: 0 });
});
