import { describe, expect, it } from "vitest";

import { Deadline, delay, poll } from "./clock.ts";

const never = new AbortController().signal;

describe("Deadline", () => {
  it("has its whole budget at first and none of it when it has passed", async () => {
    const deadline = Deadline.in(20);
    expect(deadline.budgetMs).toBe(20);
    expect(deadline.remainingMs).toBeGreaterThan(0);
    expect(deadline.remainingMs).toBeLessThanOrEqual(20);
    await delay(25);
    expect(deadline.passed).toBe(true);
    expect(deadline.remainingMs).toBe(0);
    expect(deadline.elapsedMs).toBeGreaterThanOrEqual(20);
  });

  it("has not passed before its time", () => {
    expect(Deadline.in(60_000).passed).toBe(false);
  });

  it("aborts its signal when it passes, never earlier", async () => {
    const deadline = Deadline.in(15);
    const signal = deadline.signal();
    expect(signal.aborted).toBe(false);
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
    });
    expect(deadline.passed).toBe(true);
  });
});

describe("delay", () => {
  it("lasts as long as it says", async () => {
    const deadline = Deadline.in(10);
    await delay(15);
    expect(deadline.passed).toBe(true);
  });

  it("resolves for a duration that is none, without a warning of the engine", async () => {
    const warnings: string[] = [];
    const listen = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", listen);
    await expect(delay(-5, never)).resolves.toBeUndefined();
    process.off("warning", listen);
    expect(warnings).toEqual([]);
  });

  it("rejects with the signal's reason, before and while it waits", async () => {
    const reason = new Error("stop");
    await expect(delay(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = delay(60_000, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe("poll", () => {
  it("looks until there is a value", async () => {
    let looks = 0;
    const outcome = await poll(async () => (++looks < 3 ? undefined : "there"), {
      deadline: Deadline.in(60_000),
      intervalMs: 1,
    });
    expect(outcome).toEqual({ met: true, value: "there" });
    expect(looks).toBe(3);
  });

  it("takes null, false and 0 for values", async () => {
    for (const value of [null, false, 0]) {
      expect(await poll(async () => value, { deadline: Deadline.in(60_000) })).toEqual({ met: true, value });
    }
  });

  it("takes a look that throws for not yet, and hands the last failure back", async () => {
    let looks = 0;
    const outcome = await poll(
      async () => {
        looks++;
        throw new Error(`failure ${looks}`);
      },
      { deadline: Deadline.in(30), intervalMs: 1 },
    );
    expect(outcome).toEqual({ met: false, lastFailure: new Error(`failure ${looks}`), looks });
    expect(looks).toBeGreaterThan(1);
  });

  it("looks once, and once more at the end, however short the time", async () => {
    let looks = 0;
    const outcome = await poll(async () => void looks++, { deadline: Deadline.in(0), intervalMs: 60_000 });
    expect(outcome).toEqual({ met: false, lastFailure: undefined, looks: 1 });
    looks = 0;
    await poll(async () => void looks++, { deadline: Deadline.in(5), intervalMs: 60_000 });
    expect(looks).toBeGreaterThanOrEqual(2);
  });

  it("does not look at all when it was stopped before", async () => {
    let looks = 0;
    const options = { deadline: Deadline.in(60_000), signal: AbortSignal.abort(new Error("stop")) };
    await expect(poll(async () => ++looks, options)).rejects.toThrowError("stop");
    expect(looks).toBe(0);
  });

  it("rejects with the signal's reason without another look", async () => {
    const controller = new AbortController();
    let looks = 0;
    const polling = poll(
      async () => {
        looks++;
        controller.abort(new Error("stop"));
        return undefined;
      },
      { deadline: Deadline.in(60_000), signal: controller.signal },
    );
    await expect(polling).rejects.toThrowError("stop");
    expect(looks).toBe(1);
  });
});
