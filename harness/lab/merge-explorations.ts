import { SitecarError, type Observation } from "../errors/index.ts";
import type { Exploration, FailingClass, Tried } from "./exploration.ts";
import type { LaboratoryFigures } from "./trials/laboratory.ts";
import { compareSize } from "./narrow/shrink.ts";

/** An exploration with the name of its file, for messages. */
export interface NamedExploration {
  readonly name: string;
  readonly exploration: Exploration;
}

/**
 * One exploration from its shards: as if one machine had tried all points. A class that several found is one class, narrowed
 * down as the shard with the smallest schedule has it.
 * @throws {SitecarError} EXPLORATION_INVALID for shards that do not belong together, or of which some are missing.
 */
export function mergeExplorations(shards: readonly NamedExploration[]): Exploration {
  const sorted = shards.toSorted(
    (one, other) => (one.exploration.shard?.index ?? 0) - (other.exploration.shard?.index ?? 0),
  );
  const [first] = sorted;
  if (first === undefined) throw invalid("there are none", []);
  checkSame(sorted);
  checkShards(sorted);
  checkDisjoint(sorted);
  const all = sorted.map(({ exploration }) => exploration);
  const { shard: _, endedEarly: __, ...base } = first.exploration;
  const tried = all.flatMap((exploration) => exploration.tried);
  const early = all.flatMap((exploration) => exploration.endedEarly ?? []);
  return {
    ...base,
    began: all.map(({ began }) => began).toSorted()[0] ?? base.began,
    // The shards ran beside each other.
    tookMs: Math.max(...all.map(({ tookMs }) => tookMs)),
    points: sum(all.map(({ points }) => points)),
    leftOut: all.flatMap(({ leftOut }) => leftOut),
    tried,
    classes: mergeClasses(all, tried),
    figures: mergeFigures(all.map(({ figures }) => figures)),
    differences: [...new Set(all.flatMap(({ differences }) => differences))],
    ...(early.length === 0 ? {} : { endedEarly: [...new Set(early)].join("; ") }),
  };
}

const SAME: Readonly<Record<string, (exploration: Exploration) => string>> = {
  sites: ({ site }) => site,
  versions: ({ version }) => version,
  seeds: ({ seed }) => String(seed),
  containers: ({ containers }) => containers.join(", "),
  delays: ({ grid }) => grid.map(({ ms }) => `${ms} ms`).join(", "),
  disturbances: ({ disturbances }) => disturbances.map(({ name }) => name).join(", "),
  contracts: ({ contracts }) => contracts.map(({ name }) => name).join(", "),
};

function checkSame(shards: readonly NamedExploration[]): void {
  for (const [what, of] of Object.entries(SAME)) {
    if (new Set(shards.map(({ exploration }) => of(exploration))).size > 1) {
      throw invalid(
        `they have different ${what}`,
        shards.map(({ name, exploration }) => ({ label: name, value: of(exploration) })),
      );
    }
  }
}

function checkShards(shards: readonly NamedExploration[]): void {
  const observations = shards.map(({ name, exploration: { shard } }) => ({
    label: name,
    value: shard === undefined ? "not a shard: explored whole" : `${shard.index}/${shard.of}`,
  }));
  const whole = shards.filter(({ exploration }) => exploration.shard === undefined);
  if (whole.length > 0) throw invalid("one of them was explored whole, without --shard", observations);
  const of = new Set(shards.map(({ exploration }) => exploration.shard?.of));
  if (of.size > 1) throw invalid("they were divided differently", observations);
  const indexes = new Set(shards.map(({ exploration }) => exploration.shard?.index));
  if (indexes.size < shards.length) throw invalid("a shard is there twice", observations);
  const count = shards[0]?.exploration.shard?.of ?? 0;
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter(
    (index) => !indexes.has(index),
  );
  if (missing.length > 0) {
    throw invalid(`shard ${missing.map((index) => `${index}/${count}`).join(", ")} is missing`, observations);
  }
}

/** The same numbers, and yet made from other spaces. */
function checkDisjoint(shards: readonly NamedExploration[]): void {
  const owners = new Map<string, string>();
  for (const { name, exploration } of shards) {
    for (const key of [...exploration.tried.map((tried) => tried.key), ...exploration.leftOut]) {
      const owner = owners.get(key);
      if (owner !== undefined) {
        throw invalid("the same schedule is in two of them", [
          { label: owner, value: key },
          { label: name, value: key },
        ]);
      }
      owners.set(key, name);
    }
  }
}

function mergeClasses(all: readonly Exploration[], tried: readonly Tried[]): readonly FailingClass[] {
  const containers = all[0]?.containers ?? [];
  const byKey = Map.groupBy(
    all.flatMap(({ classes }) => classes),
    ({ key }) => key,
  );
  return [...byKey.values()].flatMap((same) => {
    const [best] = same.toSorted(
      (one, other) =>
        // One that was judged says more than one for which there was no time.
        Number(one.judgement === "unknown") - Number(other.judgement === "unknown") ||
        Number(one.consequenceOf !== undefined) - Number(other.consequenceOf !== undefined) ||
        compareSize(one.smallest, other.smallest, containers),
    );
    if (best === undefined) return [];
    const { foundBy, consequenceOf, ...rest } = best;
    const onMap = same.some((one) => one.foundBy === undefined);
    // A shard that found it by itself shows that it does not only come with the other.
    const alone = same.some((one) => one.consequenceOf === undefined);
    return [
      {
        ...rest,
        points: tried.filter(({ classes }) => classes.includes(best.key)).length,
        ...(onMap || foundBy === undefined ? {} : { foundBy }),
        ...(alone || consequenceOf === undefined ? {} : { consequenceOf }),
      },
    ];
  });
}

function mergeFigures(all: readonly LaboratoryFigures[]): LaboratoryFigures {
  const most = (of: (figures: LaboratoryFigures) => number) => Math.max(...all.map(of));
  const trials = sum(all.map((figures) => figures.trials));
  return {
    trials,
    repeated: sum(all.map(({ repeated }) => repeated)),
    benches: sum(all.map(({ benches }) => benches)),
    mostAtOnce: most(({ mostAtOnce }) => mostAtOnce),
    lateness: {
      // Of each machine its own; over all together they can't be had from these: the worst machine's stand for them.
      medianMs: most(({ lateness }) => lateness.medianMs),
      p95Ms: most(({ lateness }) => lateness.p95Ms),
      mostMs: most(({ lateness }) => lateness.mostMs),
    },
    processorSeconds: sum(all.map(({ processorSeconds }) => processorSeconds)),
    engineCalls: sum(all.map(({ engineCalls }) => engineCalls)),
    memoryBytes: most(({ memoryBytes }) => memoryBytes),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function invalid(why: string, observations: readonly Observation[]): SitecarError {
  return new SitecarError("EXPLORATION_INVALID", {
    message: `the explorations can't be merged: ${why}.`,
    observations,
    remedy:
      "merge all shards of one exploration: the same site files and options, and --shard 1/n to n/n, each once.",
  });
}
