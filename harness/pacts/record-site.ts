import type { RunRecord } from "../contracts/run-record.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { Deadline, delay } from "../shared/clock.ts";
import { startSite, type StartSiteOptions } from "../site/start-site.ts";

export interface RecordSiteOptions extends StartSiteOptions {
  /** How many ticks the run goes on for. Default 3. */
  readonly ticks?: number;
  /** In place of ticks, for a site without cron: how long it goes on after it is ready. */
  readonly forMs?: number;
}

const TICKS = 3;
/** The longest that ticks are waited for; one that fires more rarely is recorded with `forMs`. */
const TICKS_MS = 300_000;

/**
 * Runs a site with the tap, and hands back the record that contracts can be made of.
 * @throws {SitecarError} what `startSite` throws; WAIT_TIMED_OUT where the ticks do not come; USAGE for a site without daprd.
 */
export async function recordSite(definition: SiteDefinition, options: RecordSiteOptions): Promise<RunRecord> {
  const { ticks = TICKS, forMs, ...start } = options;
  if (definition.daprSidecars.length === 0) {
    throw new SitecarError("USAGE", {
      message: `the site "${definition.name}" names no Dapr sidecar, so there is no contract with one.`,
      remedy: "name it in the site's daprSidecars.",
    });
  }
  await using site = await startSite(definition, { ...start, tap: true, until: "ready" });
  if (forMs === undefined) {
    await site.timeline.waitFor(() => (site.timeline.of("tick").length >= ticks ? true : undefined), {
      description: `${ticks} ticks`,
      deadline: Deadline.in(TICKS_MS),
      signal: site.signal,
    });
  } else {
    await delay(forMs, site.signal);
  }
  return await site.conclude();
}
