/** What several measurements of one thing came to. */
export interface Summary {
  readonly name: string;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws {RangeError} without a measurement */
export function summarize(name: string, values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  const middle = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  const [low, high] = middle;
  if (min === undefined || max === undefined || low === undefined || high === undefined) {
    throw new RangeError(`nothing was measured for "${name}"`);
  }
  return { name, min, median: (low + high) / 2, max };
}

/** Each run's measurements by name, in the order in which names were first seen. */
export function byName(runs: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, readonly number[]> {
  const all = new Map<string, number[]>();
  for (const run of runs) {
    for (const [name, value] of run) all.set(name, [...(all.get(name) ?? []), value]);
  }
  return all;
}

/** A line for each: minimum, median and maximum in ms, and the median as a multiple of `unit`. */
export function formatSummaries(summaries: readonly Summary[], unit: Summary): string {
  const width = Math.max(...summaries.map(({ name }) => name.length));
  const row = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(width)}  ${cells.map((cell) => cell.padStart(9)).join("")}`;
  return [
    row("", ["min ms", "median", "max", "× unit"]),
    ...summaries.map(({ name, min, median, max }) =>
      row(name, [min.toFixed(0), median.toFixed(0), max.toFixed(0), (median / unit.median).toFixed(2)]),
    ),
  ].join("\n");
}
