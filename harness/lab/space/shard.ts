import { createHash } from "node:crypto";

import { SitecarError } from "../../errors/index.ts";
import type { Point, Shard } from "../exploration.ts";
import { lengthOf } from "./schedule-length.ts";

/**
 * The points of one shard. All shards of the same space together have each point once, and take about the same time: the
 * points are dealt out by their length, those of the same length in an order that depends on their keys alone.
 */
export function pointsOfShard(points: readonly Point[], shard: Shard | undefined): readonly Point[] {
  if (shard === undefined) return points;
  return points
    .map((point) => ({ point, lengthMs: lengthOf(point.schedule), digest: digestOf(point.key) }))
    .toSorted((one, other) => one.lengthMs - other.lengthMs || (one.digest < other.digest ? -1 : 1))
    .filter((_, index) => index % shard.of === shard.index - 1)
    .map(({ point }) => point);
}

/**
 * Reads `2/8`.
 * @throws {SitecarError} USAGE.
 */
export function parseShard(text: string): Shard {
  const [, index = "", of = ""] = /^(\d{1,4})\/(\d{1,4})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index >= 1 && shard.index <= shard.of) return shard;
  throw new SitecarError("USAGE", {
    message: `${JSON.stringify(text)} is no shard.`,
    remedy: "write which part of how many, for example 2/8; the first is 1/8 and the last 8/8.",
  });
}

function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
