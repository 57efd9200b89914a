import { withCronInterval } from "../../dapr/cron-interval.ts";
import { parseGoDuration } from "../../dapr/go-duration.ts";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import { SitecarError } from "../../errors/index.ts";
import type { Difference, PlannedFile } from "../../plan/site-plan.ts";
import type { AttemptParts } from "./attempt.ts";
import type { BenchPool } from "./bench-pool.ts";
import type { LaboratoryOptions } from "./laboratory-options.ts";

/**
 * The site's own component files with every cron binding at another interval, to be placed over its own. They are read out of
 * the site's containers, so they are what daprd would have read.
 * @throws {SitecarError} USAGE for an interval that is none.
 */
export async function shortenCron(
  benches: BenchPool,
  definition: SiteDefinition,
  { files = {}, runsDirectory, signal = new AbortController().signal }: LaboratoryOptions,
  every: string,
): Promise<Required<Pick<AttemptParts, "files" | "differences">>> {
  if (!((parseGoDuration(every) ?? 0) > 0)) {
    throw new SitecarError("USAGE", {
      message: `cron bindings can't fire every ${JSON.stringify(every)}.`,
      remedy: "give a Go duration longer than nothing, for example 1s or 500ms.",
    });
  }
  // Nothing is started: files can be read out of containers that never ran.
  const nothing = { starts: definition.siteContainers.map(({ name }) => ({ container: name, atMs: null })) };
  const bench = await benches.take(signal);
  try {
    const trial = await bench.prepare(nothing, { runsDirectory: `${runsDirectory}/benches`, signal });
    const found = await trial.componentFiles();
    await trial.clear();
    benches.give(bench);
    const placed: Record<string, readonly PlannedFile[]> = { ...files };
    const differences: Difference[] = [];
    for (const [container, own] of found) {
      for (const { path, bytes } of own) {
        const { text, replaced } = withCronInterval(bytes.toString("utf8"), every);
        if (replaced.length === 0) continue;
        placed[container] = [...(placed[container] ?? []), { path, content: text, mode: 0o644 }];
        for (const { component, before } of replaced) {
          differences.push({
            subject: container,
            what: `cron binding "${component}" at @every ${every} in place of ${before}`,
            why: "ticks are awaited in every trial",
          });
        }
      }
    }
    return { files: placed, differences };
  } catch (error) {
    await benches.throwAway(bench);
    throw error;
  }
}
