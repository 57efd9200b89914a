import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SitecarError } from "../../errors/index.ts";
import type { AdvanceOptions, SiteClock } from "../../site/site-clock.ts";
import { OWNER_FILE } from "../../timeline/prune-runs.ts";
import { askClock } from "./ask-clock.ts";
import { serveClock } from "./clock-service.ts";
import { CLOCK_FILE } from "./clock-wish.ts";

const RUN = "20261124-120000-shop-1a2b";
const NOW = new Date("2026-03-28T00:00:00Z");
const LATER = new Date("2026-03-28T01:00:00Z");
const TICK = {
  due: LATER,
  instance: "0-1",
  container: "dapr",
  component: "batch",
  outcome: "succeeded",
  latencyMs: 2,
} as const;
const never = new AbortController().signal;

let root: string;
let runDirectory: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "sitecar-clock-"));
  runDirectory = path.join(root, RUN);
  await mkdir(runDirectory);
  // As a run that this process has under way.
  await writeFile(path.join(runDirectory, OWNER_FILE), String(process.pid));
  vi.stubEnv("SITECAR_RUNS", root);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

/** A clock that keeps what it was asked. */
function clockOf(more: Partial<SiteClock> = {}) {
  const asked: unknown[] = [];
  const keep = (what: string) => (value: string | Date, options?: AdvanceOptions) => {
    asked.push([what, value, options?.await, options?.mostTicks]);
    return Promise.resolve({ from: NOW, to: LATER, ticks: [TICK] });
  };
  const clock: SiteClock = {
    now: () => NOW,
    nextTick: () => Promise.resolve(TICK),
    advance: keep("advance"),
    advanceTo: keep("advanceTo"),
    ...more,
  };
  return { clock, asked };
}

describe("the clock of a run, from another process", () => {
  test("is shown, and steps as it is told to", async () => {
    const { clock, asked } = clockOf();
    await using _ = await serveClock(clock, { runDirectory, signal: never });
    const next = { due: LATER.toISOString(), component: "batch" };
    expect(await askClock(RUN, { do: "show" }, never)).toEqual({
      time: "virtual",
      now: NOW.toISOString(),
      next,
      ticks: [],
    });
    const step = { await: "started", mostTicks: 7 } as const;
    expect(await askClock(RUN, { do: "advance", span: "24h", ...step }, never)).toMatchObject({
      from: NOW.toISOString(),
      ticks: [{ ...TICK, due: LATER.toISOString() }],
    });
    await askClock(RUN, { do: "advance-to", time: "2026-04-01T00:00:00Z", await: "answered" }, never);
    await askClock(RUN, { do: "next", await: "answered" }, never);
    expect(asked).toEqual([
      ["advance", "24h", "started", 7],
      ["advanceTo", "2026-04-01T00:00:00Z", "answered", undefined],
      ["advanceTo", LATER, "answered", undefined],
    ]);
  });

  test("fails as it fails there", async () => {
    const failure = new SitecarError("CLOCK_STEP_INVALID", {
      message: "the clock can't.",
      observations: [{ label: "dapr", value: "86,400" }],
      remedy: "take smaller steps.",
    });
    const { clock } = clockOf({ advance: () => Promise.reject(failure) });
    await using _ = await serveClock(clock, { runDirectory, signal: never });
    const asked = askClock(RUN, { do: "advance", span: "24h", await: "answered" }, never);
    await expect(asked).rejects.toThrow(failure.message);
    await expect(asked).rejects.toMatchObject({ code: "CLOCK_STEP_INVALID", remedy: failure.remedy });
  });

  test("is for who may read the run's folder, and nobody else", async () => {
    const { clock, asked } = clockOf();
    await using _ = await serveClock(clock, { runDirectory, signal: never });
    const file = path.join(runDirectory, CLOCK_FILE);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { port }: { readonly port: number } = JSON.parse(await readFile(file, "utf8"));
    for (const authorization of ["", "Bearer guess"]) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, {
        method: "POST",
        headers: { authorization },
        body: '{"do":"advance","span":"24h"}',
      });
      expect(answer.status).toBe(401);
    }
    expect(asked).toEqual([]);
  });

  test("ends a step that nobody waits for any more", async () => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const { clock } = clockOf({
      advance: (_, { signal } = {}) => {
        signal?.addEventListener("abort", () => ended.resolve(), { once: true });
        begun.resolve();
        return new Promise(() => undefined);
      },
    });
    await using _ = await serveClock(clock, { runDirectory, signal: never });
    const leaves = new AbortController();
    const asked = askClock(RUN, { do: "advance", span: "24h", await: "answered" }, leaves.signal);
    await begun.promise;
    leaves.abort();
    await expect(asked).rejects.toMatchObject({ code: "RUN_STOPPED" });
    await ended.promise;
  });

  test("is not there without virtual time, and not after the run", async () => {
    const off = { code: "VIRTUAL_TIME_OFF" };
    await expect(askClock(RUN, { do: "show" }, never)).rejects.toMatchObject(off);
    const service = await serveClock(clockOf().clock, { runDirectory, signal: never });
    await service[Symbol.asyncDispose]();
    await expect(askClock(undefined, { do: "show" }, never)).rejects.toMatchObject({ code: "USAGE" });
    await expect(askClock(RUN, { do: "show" }, never)).rejects.toMatchObject(off);
  });
});
