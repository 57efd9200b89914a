import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeExplorationDirectory, readExploration, writeExploration } from "./exploration-file.ts";
import type { Exploration, Shard } from "./exploration.ts";
import { explore } from "./explore.ts";
import { mergeExplorations } from "./merge-explorations.ts";
import { makeSpace } from "./space.ts";
import { SimulatedLaboratory, judged, lag, type SimulatedSite } from "./test-support/simulated-laboratory.ts";
import { exploreOptions, SITE, storageLate } from "./test-support/simulated-site.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-merge-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

const site: SimulatedSite = (schedule, random) => [
  ...storageLate(schedule, random),
  judged("stopsGracefully", "main is killed", true),
  judged("siteStarts", "main gives up", lag(schedule, "dapr", "main") > 30_700),
];

async function exploreShard(shard?: Shard, seed = 1, delaysMs?: readonly number[]): Promise<Exploration> {
  const laboratory = new SimulatedLaboratory(site, { atOnce: 12 });
  const space = makeSpace(SITE, { tickIntervalMs: 1000, ...(delaysMs === undefined ? {} : { delaysMs }) });
  const own = await mkdtemp(path.join(directory, "exploration-"));
  const options = exploreOptions(own, {
    now: laboratory.now,
    seed,
    ...(shard === undefined ? {} : { shard }),
  });
  return explore(laboratory, space, options);
}

async function exploreAll(
  of: number,
): Promise<readonly { readonly name: string; readonly exploration: Exploration }[]> {
  const indexes = Array.from({ length: of }, (_, index) => index + 1);
  return Promise.all(
    indexes.map(async (index) => ({ name: `${index}.json`, exploration: await exploreShard({ index, of }) })),
  );
}

const keysOf = ({ tried }: Exploration) =>
  tried.map(({ key, classes }) => `${key}: ${classes.join()}`).toSorted();

const classesOf = ({ classes }: Exploration) =>
  classes.map(({ key, judgement, points, consequenceOf }) => ({ key, judgement, points, consequenceOf }));

const bigger = (exploration: Exploration): Exploration => ({
  ...exploration,
  classes: exploration.classes.map((one) => ({
    ...one,
    smallest: {
      ...one.smallest,
      starts: one.smallest.starts.map((start, index) => ({ ...start, atMs: index * 40_000 })),
    },
  })),
});

const smallest = ({ classes }: Exploration) =>
  Object.fromEntries(classes.map(({ key, smallest: schedule }) => [key, schedule]));

describe("mergeExplorations", () => {
  it.each([1, 2, 5])("of %i shards has what the whole has", async (of) => {
    const whole = await exploreShard();
    const merged = mergeExplorations((await exploreAll(of)).toReversed());
    expect(keysOf(merged)).toEqual(keysOf(whole));
    expect(merged.points).toBe(whole.points);
    expect(merged.shard).toBeUndefined();
    expect(classesOf(merged).toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
      classesOf(whole).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    );
  });

  it("keeps the smallest schedule of a class that several found", async () => {
    const [first, second] = await exploreAll(2);
    if (first === undefined || second === undefined) throw new TypeError("two shards");
    const merged = mergeExplorations([{ ...first, exploration: bigger(first.exploration) }, second]);
    expect(smallest(merged)).toEqual(smallest(second.exploration));
  });

  it("refuses shards that do not belong together, and names them", async () => {
    const shard = (index: number, of: number, more: Partial<Exploration> = {}) => ({
      name: `${index}-of-${of}.json`,
      exploration: { ...base, shard: { index, of }, ...more },
    });
    const base = { ...(await exploreShard()), tried: [], leftOut: [] };
    const key = "main 0, dapr 0";
    const refused: readonly (readonly [Parameters<typeof mergeExplorations>[0], RegExp])[] = [
      [[], /there are none/],
      [
        [shard(1, 2), shard(2, 2, { seed: 8 })],
        /different seeds\.\n {2}1-of-2\.json {3}1\n {2}2-of-2\.json {3}8\nFix: /,
      ],
      [[shard(1, 2), shard(2, 2, { site: "other" })], /different sites/],
      [[shard(1, 2), shard(2, 2, { grid: [] })], /different delays/],
      [[shard(1, 2), shard(2, 2, { disturbances: [] })], /different disturbances/],
      [[shard(1, 2), shard(2, 2, { containers: ["main"] })], /different containers/],
      [[shard(1, 2), shard(2, 3)], /divided differently/],
      [[shard(1, 2), shard(1, 2)], /a shard is there twice/],
      [[shard(1, 3), shard(3, 3)], /shard 2\/3 is missing/],
      [[{ name: "whole.json", exploration: base }], /explored whole/],
      [
        [shard(1, 2, { leftOut: [key] }), shard(2, 2, { leftOut: [key] })],
        /the same schedule is in two of them/,
      ],
    ];
    for (const [shards, message] of refused) {
      expect(() => mergeExplorations(shards)).toThrowError(
        /^EXPLORATION_INVALID: the explorations can't be merged: /,
      );
      expect(() => mergeExplorations(shards)).toThrowError(message);
    }
  });
});

describe("an exploration's folder", () => {
  it("is made with a run's form of id, and gives back what was written", async () => {
    const {
      id,
      path: folder,
      runsDirectory,
    } = await makeExplorationDirectory("my site", path.join(directory, "root"));
    expect(id).toMatch(/^\d{8}-\d{6}-my-site-[0-9a-f]{4}$/);
    expect(path.dirname(runsDirectory)).toBe(folder);
    expect(await readFile(path.join(directory, "root", ".gitignore"), "utf8")).toBe("*\n");
    const exploration = await exploreShard({ index: 2, of: 8 });
    const file = await writeExploration(folder, exploration);
    expect(await readExploration(file)).toEqual(exploration);
    expect(await readExploration(folder)).toEqual(exploration);
  });

  it("tells what is wrong with a file that is none", async () => {
    const file = path.join(directory, "wrong.json");
    const messageOf = async (text: string): Promise<string> => {
      await writeFile(file, text);
      return readExploration(file).then(
        () => "read",
        (error: unknown) => String(error),
      );
    };
    expect(await messageOf("{")).toMatch(
      /EXPLORATION_INVALID: .*wrong\.json is no exploration of this version/,
    );
    expect(await messageOf("[]")).toMatch(/it is no JSON object/);
    expect(await messageOf('{"sitecar":"schedule/1"}')).toMatch(
      /its "sitecar" is "schedule\/1", not "exploration\/1"/,
    );
    expect(await messageOf('{"sitecar":"exploration/1","inputs":[]}')).toMatch(
      /damaged: containers is no list/,
    );
    await expect(readExploration(path.join(directory, "nowhere"))).rejects.toThrow(
      /^FILE_NOT_READABLE: .*exploration\.json can't be read \(ENOENT\)/,
    );
  });
});
