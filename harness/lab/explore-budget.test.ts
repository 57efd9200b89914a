import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ExplorationProgress } from "./exploration.ts";
import { ExploredSites, lines } from "./test-support/explored-sites.ts";
import { judged, lag, type SimulatedSite } from "./test-support/simulated-laboratory.ts";
import { EXITS, storageLate } from "./test-support/simulated-site.ts";

let sites: ExploredSites;
beforeAll(async () => {
  sites = await ExploredSites.open();
});
afterAll(async () => {
  await sites[Symbol.asyncDispose]();
});

const exploreSite: ExploredSites["explore"] = (...site) => sites.explore(...site);

/** Each pair of containers must not be started too far apart in either direction, for a reason of its own. */
const brokenInManyWays: SimulatedSite = (schedule) =>
  [
    ["storage", "dapr"],
    ["dapr", "main"],
    ["main", "storage"],
  ].flatMap(([late = "", early = ""]) =>
    [2_000, 9_000].map((boundMs) =>
      judged(`within ${boundMs} of ${early}`, `${late} is late`, lag(schedule, late, early) > boundMs),
    ),
  );

const keys = async (seed: number) => {
  const { exploration } = await exploreSite(storageLate, { budgetMs: 120_000, seed });
  return exploration.tried.map(({ key }) => key);
};

describe("explore within a budget", () => {
  it.each([20_000, 60_000, 120_000, 300_000])(
    "ends in %i ms, and says what it left out",
    async (budgetMs) => {
      const { exploration, laboratory } = await exploreSite(storageLate, { budgetMs });
      // The first trials take less than is expected of them, so that no estimate is too short.
      expect(laboratory.now()).toBeLessThanOrEqual(budgetMs);
      expect(exploration.tried.length + exploration.leftOut.length).toBe(exploration.points);
      expect(exploration.leftOut.length).toBeGreaterThan(0);
      expect(new Set([...exploration.tried.map(({ key }) => key), ...exploration.leftOut]).size).toBe(
        exploration.points,
      );
    },
  );

  it("still narrows down what it found, with fewer repeats", async () => {
    const { exploration } = await exploreSite(storageLate, { budgetMs: 240_000 }, { atOnce: 8 });
    const [exits] = exploration.classes;
    expect(exits?.judgement).toBe("order-determined");
    expect((exits?.threshold?.breaksMs ?? 0) - (exits?.threshold?.holdsMs ?? 0)).toBeLessThanOrEqual(100);
    expect(exits?.repeats.runs).toBeGreaterThanOrEqual(5);
  });

  it("goes on with the map while it narrows down", async () => {
    const told: string[] = [];
    const { exploration } = await exploreSite(
      storageLate,
      {
        budgetMs: 240_000,
        progress: (event) => void told.push("key" in event ? `${event.type} ${event.key}` : event.type),
      },
      { atOnce: 8 },
    );
    const narrowing = `narrowing ${exploration.classes[0]?.key}`;
    const meanwhile = told.slice(told.indexOf(narrowing), told.lastIndexOf(narrowing));
    expect(meanwhile).toContain("tried");
  });

  it("does not let the laboratory run empty before it begins to narrow down", async () => {
    let [begun, tried, running] = [0, 0, -1];
    const progress = ({ type }: ExplorationProgress): void => {
      if (type === "tried") tried++;
      if (type === "narrowing" && running === -1) running = begun - tried;
    };
    await exploreSite(storageLate, { budgetMs: 240_000, progress }, { atOnce: 8, onBegin: () => begun++ });
    expect(running).toBeGreaterThan(4);
  });

  it("gives narrowing the time that is kept for the map's finds, once the map is done and found nothing more", async () => {
    const budgetMs = 600_000;
    const { exploration, laboratory } = await exploreSite(
      storageLate,
      { budgetMs, repeats: 5_000 },
      { atOnce: 24 },
    );
    expect(exploration.leftOut).toEqual([]);
    expect(laboratory.now()).toBeGreaterThan(budgetMs * 0.95);
    expect(laboratory.now()).toBeLessThanOrEqual(budgetMs);
  });

  it.each([340_000, 320_000, 300_000])(
    "keeps places for a map that can be complete beside narrowing, in %i ms",
    async (budgetMs) => {
      const options = { budgetMs, repeats: 100 };
      const { exploration, laboratory } = await exploreSite(brokenInManyWays, options, { atOnce: 24 });
      expect(exploration.leftOut).toEqual([]);
      expect(laboratory.now()).toBeLessThanOrEqual(budgetMs);
      // And narrowing is not starved by it.
      const judgements = exploration.classes.map(({ judgement }) => judgement);
      expect(judgements.filter((judgement) => judgement === "order-determined").length).toBeGreaterThan(3);
    },
  );

  it("uses the whole of it for a site with nothing to narrow down", async () => {
    const { exploration, laboratory } = await exploreSite(() => [judged("nothingExits", "", false)], {
      budgetMs: 200_000,
    });
    expect(exploration.leftOut.length).toBeGreaterThan(0);
    expect(laboratory.now()).toBeGreaterThan(150_000);
    expect(laboratory.now()).toBeLessThanOrEqual(200_000);
  });

  it("tries the same points in the same order for the same seed", async () => {
    expect(await keys(4)).toEqual(await keys(4));
    expect(await keys(4)).not.toEqual(await keys(5));
  });
});

const gone = (): never => {
  throw new Error("the engine is gone");
};

describe("explore that is ended early", () => {
  it("gives what is known when it is aborted, while it maps and while it narrows down", async () => {
    for (const type of ["tried", "narrowing"] as const) {
      const stop = new AbortController();
      let left = 40;
      const { exploration } = await exploreSite(storageLate, {
        signal: stop.signal,
        progress: (event) => {
          if (event.type === type && (type === "narrowing" || --left === 0)) stop.abort(new Error("Ctrl-C"));
        },
      });
      expect(exploration.endedEarly).toBe("interrupted");
      expect(exploration.tried.length).toBeGreaterThanOrEqual(40);
      expect(exploration.tried.length + exploration.leftOut.length).toBe(exploration.points);
      const [exits] = exploration.classes;
      expect(exits).toMatchObject({ key: EXITS, judgement: "unknown" });
      expect(exits?.repeats.broken).toBeGreaterThan(0);
      expect(lines(exploration)[0]).toContain("not repeated often enough to judge");
    }
  });

  it("counts a trial that the harness failed as unknown and goes on", async () => {
    const { exploration } = await exploreSite(
      storageLate,
      {},
      {
        fail: (trial) => {
          if (trial % 10 === 3) throw new Error(`trial ${trial} has no network`);
        },
      },
    );
    expect(exploration.endedEarly).toBeUndefined();
    const failed = exploration.tried.filter(({ reason }) => reason?.includes("has no network"));
    expect(failed.length).toBeGreaterThan(10);
    expect(failed.every(({ verdict }) => verdict === "unknown")).toBe(true);
    expect(exploration.classes[0]).toMatchObject({ key: EXITS, judgement: "order-determined" });
  });

  it("keeps what was tried when the laboratory gives up", async () => {
    const { exploration, laboratory } = await exploreSite(
      storageLate,
      {},
      {
        fail: (trial) => {
          if (trial >= 50) throw new Error("the engine is gone");
        },
      },
    );
    expect(exploration.endedEarly).toBe("the engine is gone");
    expect(exploration.tried.filter(({ verdict }) => verdict !== "unknown").length).toBeGreaterThan(40);
    expect(exploration.tried.length + exploration.leftOut.length).toBe(exploration.points);
    expect(laboratory.ran.length).toBeLessThan(90);
  });

  it("fails when not one trial came out", async () => {
    await expect(exploreSite(storageLate, {}, { fail: gone })).rejects.toThrow("the engine is gone");
  });
});
