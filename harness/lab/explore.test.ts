import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { describeClass } from "./describe-class.ts";
import type { Exploration, ExplorationProgress } from "./exploration.ts";
import { explore } from "./explore.ts";
import type { ExploreOptions } from "./explore-options.ts";
import { makeSpace, type SpaceOptions } from "./space.ts";
import {
  judged,
  lag,
  SimulatedLaboratory,
  type SimulatedOptions,
  type SimulatedSite,
} from "./test-support/simulated-laboratory.ts";
import { EXITS, exploreOptions, SILENT, SITE, storageLate } from "./test-support/simulated-site.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-explore-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

interface Explored {
  readonly exploration: Exploration;
  readonly laboratory: SimulatedLaboratory;
  readonly events: readonly ExplorationProgress[];
}

async function exploreSite(
  site: SimulatedSite,
  options: Partial<ExploreOptions> = {},
  simulated: SimulatedOptions = {},
  space: SpaceOptions = { disturbances: false },
): Promise<Explored> {
  const laboratory = new SimulatedLaboratory(site, simulated);
  const events: ExplorationProgress[] = [];
  const exploration = await explore(laboratory, makeSpace(SITE, space), {
    ...exploreOptions(directory),
    now: laboratory.now,
    progress: (event) => events.push(event),
    ...options,
  });
  return { exploration, laboratory, events };
}

function lines({ classes }: Exploration): readonly string[] {
  return classes.filter(({ consequenceOf }) => consequenceOf === undefined).map(describeClass);
}

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
});
