import { expect, test } from "vitest";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { startSite } from "../../harness/site/start-site.ts";
import { exampleSite } from "../support/example-site.ts";
import { cronSite, requestsOf, type SeenRequest } from "../virtual-time/cron-site.ts";

/** What is promised of each real interval. */
const WITHIN_MS = 250;
const TICKS = 8;

const site = cronSite(await exampleSite(), { "asked-every": "@every 1500ms", even: "*/2 * * * * *" });

test("the same schedules in real and in virtual time: the same ticks, and the same requests header by header", async ({
  signal,
}) => {
  await using real = await startSite(site.definition, { ...site.options, signal });
  const inRealTime = await untilPosts(real);
  await real.stop();

  await using virtual = await startSite(site.definition, {
    ...site.options,
    signal,
    virtualTime: { from: "2026-03-28T12:00:01Z" },
  });
  await virtual.clock.advance("20s");
  const inVirtualTime = await requestsOf(virtual);

  // Every 1.5 s from when daprd reads it; and at each even second, whenever that is.
  const [every, even] = ["/asked-every", "/even"].map((path) => times(inRealTime, path).slice(0, TICKS));
  for (const interval of intervals(every ?? []))
    expect(Math.abs(interval - 1500)).toBeLessThanOrEqual(WITHIN_MS);
  for (const atMs of even ?? []) expect(atMs % 2000).toBeLessThanOrEqual(WITHIN_MS);
  for (const interval of intervals(even ?? []))
    expect(Math.abs(interval - 2000)).toBeLessThanOrEqual(WITHIN_MS);
  const dues = (component: string) =>
    virtual.timeline
      .of("virtual.tick")
      .flatMap((tick) => (tick.component === component ? Date.parse(tick.due) : []));
  expect(new Set(intervals(dues("asked-every")))).toEqual(new Set([1500]));
  expect(dues("even").filter((atMs) => atMs % 2000 !== 0)).toEqual([]);
  expect(new Set(intervals(dues("even")))).toEqual(new Set([2000]));
  expect([dues("asked-every").length, dues("even").length]).toEqual([13, 10]);

  // What the app gets: the questions before the first tick, and each tick.
  expect(withoutTimes(inVirtualTime.filter(({ method }) => method !== "POST"))).toEqual(
    withoutTimes(inRealTime.filter(({ method }) => method !== "POST")),
  );
  expect(inRealTime.map(({ method }) => method)).toEqual(expect.arrayContaining(["GET", "OPTIONS", "POST"]));
  for (const path of ["/asked-every", "/even"]) {
    const ofRoute = (all: readonly SeenRequest[]) =>
      withoutTimes(all.filter((one) => one.method === "POST" && one.path === path).slice(0, TICKS));
    expect(ofRoute(inRealTime)).toHaveLength(TICKS);
    expect(ofRoute(inVirtualTime)).toEqual(ofRoute(inRealTime));
  }

  // That header is this machine's clock, in virtual time too.
  for (const request of [...inRealTime, ...inVirtualTime].filter(({ method }) => method === "POST")) {
    expect(Math.abs(readTimeOf(request) - request.atMs)).toBeLessThanOrEqual(WITHIN_MS);
  }
});

/** Until each binding has ticked so often. */
async function untilPosts(running: RunningSite): Promise<readonly SeenRequest[]> {
  const outcome = await poll(
    async () => {
      const all = await requestsOf(running);
      return ["/asked-every", "/even"].every((path) => times(all, path).length >= TICKS) ? all : undefined;
    },
    { deadline: Deadline.in(90_000), intervalMs: 500, signal: running.signal },
  );
  if (outcome.met) return outcome.value;
  throw new Error("the ticks of real time did not come", { cause: outcome.lastFailure });
}

function times(all: readonly SeenRequest[], path: string): readonly number[] {
  return all.flatMap((one) => (one.method === "POST" && one.path === path ? one.atMs : []));
}

function intervals(atMs: readonly number[]): readonly number[] {
  return atMs.slice(1).map((at, index) => at - (atMs[index] ?? Number.NaN));
}

/** Names, order and values of all headers, but for the two that differ from request to request. */
function withoutTimes(all: readonly SeenRequest[]): readonly object[] {
  return all.map(({ method, path, headers, bytes }) => ({
    method,
    path,
    bytes,
    headers: headers.map((text, index) => {
      const name = headers[index - 1]?.toLowerCase();
      if (name === "readtimeutc")
        return text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,9} \+0000 UTC/, "<time>");
      // One in some ten thousand is sampled, and carries ids (daprd.md §2).
      return name === "traceparent" ? text.replaceAll(/[0-9a-f]/g, "0") : text;
    }),
  }));
}

/** Go's `Time.String()`, to the millisecond. */
function readTimeOf({ headers }: SeenRequest): number {
  const value = headers[headers.findIndex((name) => name.toLowerCase() === "readtimeutc") + 1] ?? "";
  const match = /^(?<date>\S+) (?<time>\d\d:\d\d:\d\d)(?<fraction>\.\d+)? \+0000 UTC$/.exec(value)?.groups;
  return Date.parse(`${match?.["date"]}T${match?.["time"]}${(match?.["fraction"] ?? ".0").slice(0, 4)}Z`);
}
