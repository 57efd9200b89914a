import { prepareHost, readSite } from "../harness/index.ts";
import { byName, formatSummaries, summarize } from "./statistics.ts";

const TOTAL = "engine found, dead runs looked for, all images ready";

/** How long it takes to see that everything is there: what every start pays before its first container. */
export async function benchImages(runs: number): Promise<string> {
  const definition = await readSite("fixtures/sites/example");
  await prepareHost([definition]);
  const measured: ReadonlyMap<string, number>[] = [];
  for (let run = 0; run < runs; run++) {
    const steps = new Map<string, number>();
    const began = performance.now();
    await prepareHost([definition], {
      progress: ({ step, state, elapsedMs }) => {
        if (state === "done" || state === "cached") steps.set(step, elapsedMs);
      },
    });
    measured.push(new Map([[TOTAL, performance.now() - began], ...steps]));
  }
  const summaries = [...byName(measured)].map(([name, values]) => summarize(name, values));
  const unit = summaries.find(({ name }) => name === TOTAL);
  if (unit === undefined) throw new RangeError("at least one run is needed");
  return `warm (${runs} runs); the unit is the whole, steps run side by side\n${formatSummaries(summaries, unit)}`;
}
