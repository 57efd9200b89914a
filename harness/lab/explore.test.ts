import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ExploredSites, lines } from "./test-support/explored-sites.ts";
import { judged, lag } from "./test-support/simulated-laboratory.ts";
import { EXITS, SILENT, storageLate } from "./test-support/simulated-site.ts";
import { readScheduleFile } from "./write-schedule-file.ts";

let sites: ExploredSites;
beforeAll(async () => {
  sites = await ExploredSites.open();
});
afterAll(async () => {
  await sites[Symbol.asyncDispose]();
});

const exploreSite: ExploredSites["explore"] = (...site) => sites.explore(...site);

describe("explore", () => {
  it("tries the whole space of a good site and finds nothing", async () => {
    const { exploration, laboratory } = await exploreSite(() => [judged("nothingExits", "", false)]);
    expect(exploration.classes).toEqual([]);
    expect(exploration.leftOut).toEqual([]);
    expect(exploration.tried).toHaveLength(exploration.points);
    expect(laboratory.ran).toHaveLength(exploration.points);
  });

  it("finds a threshold between two containers, and what follows from it", async () => {
    const { exploration } = await exploreSite(storageLate, {}, { jitterMs: 20 });
    const [exits, silent] = exploration.classes;
    expect(lines(exploration)).toEqual([
      expect.stringMatching(
        /^broken: container "dapr" exits \(1\) ⇐ storage can be reached later than dapr starts by more than 5\.\d s \(5\.\d\d s holds, 5\.\d\d s breaks; 20\/20\)$/,
      ),
    ]);
    expect(exits).toMatchObject({ key: EXITS, judgement: "order-determined" });
    expect(silent).toMatchObject({ key: SILENT, consequenceOf: EXITS, smallest: exits?.smallest });
  });

  it("judges what always breaks, in the plainest start too", async () => {
    const { exploration } = await exploreSite(() => [judged("stopsGracefully", "main is killed", true)]);
    expect(lines(exploration)).toEqual([
      "broken: main is killed ⇐ always, in the plainest start too (20/20)",
    ]);
    expect(exploration.classes[0]?.smallest).toEqual({
      starts: [
        { container: "main", atMs: 0 },
        { container: "dapr", atMs: 0 },
      ],
    });
    expect(exploration.classes[0]?.nearestHeld).toBeUndefined();
  });

  it("calls a site's own race one, with its share", async () => {
    const { exploration } = await exploreSite((_, random) => [
      judged("bindingsActive", "a random binding dies", random.below(2) === 0),
    ]);
    const [found] = exploration.classes;
    expect(found?.judgement).toBe("race");
    expect(found?.threshold).toBeUndefined();
    expect(found?.repeats.interval[0]).toBeLessThan(0.5);
    expect(found?.repeats.interval[1]).toBeGreaterThan(0.5);
    expect(lines(exploration)[0]).toMatch(/⇐ a race: .* in \d+\/20 runs \(95 % interval \d+–\d+ %\)$/);
  });

  it("tells an order that breaks it where there is no delay to be found", async () => {
    const { exploration } = await exploreSite((schedule) => [
      judged(
        "siteStarts",
        "main gives up",
        lag(schedule, "dapr", "main") > 0 && lag(schedule, "dapr", "main") < 200,
      ),
    ]);
    const [found] = exploration.classes;
    expect(found?.judgement).toBe("order-determined");
    expect(found?.nearestHeld).toBeDefined();
    expect(found?.smallest.starts.map(({ atMs }) => atMs)).toEqual([0, 0]);
  });

  it("finds how much later is late enough where the plainest start breaks it", async () => {
    const { exploration } = await exploreSite((schedule) => [
      judged("siteStarts", "main gives up", lag(schedule, "main", "dapr") < 2500),
    ]);
    expect(lines(exploration)).toEqual([
      expect.stringMatching(
        /⇐ main starts later than dapr by less than 2\.5 s \(2\.\d\d s holds, 2\.\d\d s breaks; 20\/20\)$/,
      ),
    ]);
  });

  it("bisects a fault's own number", async () => {
    const { exploration } = await exploreSite(
      ({ steps = [] }) => {
        const delays = steps.map((step) => ("inject" in step ? Number(step.inject["delayMs"] ?? 0) : 0));
        return [judged("nothingExits", 'container "dapr" exits (1)', Math.max(0, ...delays) >= 4980)];
      },
      {},
      {},
      { tickIntervalMs: 1000 },
    );
    expect(lines(exploration)).toEqual([
      expect.stringMatching(
        /⇐ identity answers later than 5\.0 s \(4\.9\d s holds, \d\.\d\d s breaks; 20\/20\)$/,
      ),
    ]);
  });

  it("keeps a threshold beyond which it holds again, and says that it is not the only one", async () => {
    const { exploration } = await exploreSite((schedule) => {
      const late = lag(schedule, "dapr", "main");
      return [judged("siteStarts", "main gives up", (late > 3000 && late < 5000) || late > 9000)];
    });
    const [found] = exploration.classes;
    expect(found?.judgement).toBe("order-determined");
    expect(found?.threshold?.holdsMs).toBeGreaterThan(2700);
    expect(found?.threshold?.breaksMs).toBeLessThan(3300);
  });

  it("leads with what the judgements themselves name as the reason", async () => {
    const { exploration } = await exploreSite((schedule) => {
      const late = lag(schedule, "main", "dapr") > 3000;
      const own = judged("mine", "nothing written", late);
      return [{ ...own, ...(late ? { because: "alsoMine" } : {}) }, judged("alsoMine", "main is late", late)];
    });
    expect(exploration.classes.map(({ symptom, consequenceOf }) => [symptom, consequenceOf])).toEqual([
      ["main is late", undefined],
      ["nothing written", "alsoMine: main is late"],
    ]);
  });

  it("narrows a class that only seemed to follow from another", async () => {
    const { exploration } = await exploreSite((schedule) => [
      judged("nothingExits", 'container "dapr" exits (1)', lag(schedule, "storage", "dapr") > 3000),
      judged("bindingsActive", 'binding "batch" never active', lag(schedule, "storage", "dapr") > 9000),
    ]);
    expect(lines(exploration)).toEqual([
      expect.stringMatching(/"dapr" exits \(1\) ⇐ .* more than 3\.\d s/),
      expect.stringMatching(/"batch" never active ⇐ .* more than 9\.\d s/),
    ]);
  });

  it("finds and narrows what only the narrowing of another shows", async () => {
    const { exploration } = await exploreSite((schedule) => {
      const late = lag(schedule, "main", "dapr");
      return [
        judged("siteStarts", "main gives up", late > 5000),
        judged("userContract", "a short window", late > 5100 && late < 6500),
      ];
    });
    expect(exploration.classes.map(({ symptom, foundBy }) => [symptom, foundBy])).toEqual([
      ["main gives up", undefined],
      ["a short window", "siteStarts: main gives up"],
    ]);
    expect(exploration.classes[1]).toMatchObject({ points: 0, judgement: "order-determined" });
  });

  it("saves each class's smallest schedule for replay", async () => {
    const { exploration } = await exploreSite(storageLate, { tickEvery: "1s" });
    const [exits] = exploration.classes;
    expect(exits?.replayCommand).toContain(path.relative("", exits?.scheduleFile ?? ""));
    expect(await readScheduleFile(exits?.scheduleFile ?? "")).toEqual({
      sitecar: "schedule/1",
      inputs: ["fixtures/sites/example"],
      tickEvery: "1s",
      seed: 1,
      schedule: exits?.smallest,
      expected: { verdict: "broken", contract: "nothingExits", symptom: 'container "dapr" exits (1)' },
    });
  });

  it("hands the smallest schedule's run to the diagnosis, and outlives its failure", async () => {
    const asked: (readonly [string, string | undefined])[] = [];
    const { exploration } = await exploreSite(storageLate, {
      diagnose: (runDirectory, { symptom }) => {
        asked.push([runDirectory, symptom]);
        throw new TypeError("no such file");
      },
    });
    expect(asked[0]).toEqual([exploration.classes[0]?.runDirectory, 'container "dapr" exits (1)']);
    expect(exploration.classes[0]?.diagnoses[0]?.cause).toContain("no such file");
  });

  it("tells how far it is", async () => {
    const { events, exploration } = await exploreSite(storageLate);
    expect(events[0]).toEqual({ type: "planned", points: exploration.points, leftOut: 0 });
    const tried = events.filter((event) => event.type === "tried");
    expect(tried.map(({ done }) => done)).toEqual(tried.map((_, index) => index + 1));
    expect(tried.at(-1)).toMatchObject({ done: exploration.points, of: exploration.points });
    const steps = events.flatMap((event) => (event.type === "narrowing" ? [event.step] : []));
    expect([...new Set(steps)]).toEqual(["dropping", "bisecting", "repeating"]);
    expect(events.filter((event) => event.type === "class-found").map(({ key }) => key)).toEqual([
      EXITS,
      SILENT,
    ]);
  });
});
