import type { RunRecord } from "../contracts/run-record.ts";
import type { SiteRun } from "../site/site-run.ts";
import { scheduleLateness } from "./lateness.ts";
import type { TrialEnd } from "./trial.ts";

/** What the contracts judge a trial by. */
export function recordOfTrial(
  site: SiteRun,
  end: TrialEnd,
  { lines, eventLoopMs }: { readonly lines: RunRecord["lines"]; readonly eventLoopMs: number },
): RunRecord {
  const [first] = site.instances;
  const { events } = site.timeline;
  return {
    runDirectory: site.runDirectory,
    plan: site.plan,
    instances: site.instances.map(({ name }) => name),
    events,
    componentFiles: first?.allComponentFiles() ?? new Map(),
    snapshots: end.snapshots,
    observedUntilMs: end.observedUntilMs,
    stopped: end.stopped,
    lines,
    lateness: { scheduleMs: Math.max(0, ...scheduleLateness(events)), eventLoopMs },
  };
}
