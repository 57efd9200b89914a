import { computerName } from "../plan/platform-variables.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { AgentControl } from "../platform/agent-control.ts";
import { LogFilesWriter } from "../platform/log-files.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";
import type { TimelineEvent } from "../timeline/events.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { InstanceTrees } from "./shared-trees.ts";

export interface InstanceLogFiles {
  readonly plan: SitePlan;
  /** The instance's view of the record, and its name there. */
  readonly timeline: Timeline;
  readonly instance: string;
  readonly agent: AgentControl;
  readonly trees: InstanceTrees;
  readonly stack: ReleaseStack;
  /** See `RunParts`. */
  readonly economical: boolean;
}

/** Between two writings of an economical run's. */
const ECONOMICAL_PAUSE_MS = 500;

/** Writes the platform's lines of an instance, those before and those to come, into its log files (A7.4). */
export function writeLogFiles(parts: InstanceLogFiles): LogFilesWriter {
  const { plan, timeline, instance, agent, trees, stack, economical } = parts;
  const writer = new LogFilesWriter({
    agent,
    ...(economical ? { pauseMs: ECONOMICAL_PAUSE_MS } : {}),
    machine: computerName(plan.instanceId),
    mainContainer: plan.mainContainer,
    place: (fileName) => trees.logFile(fileName),
    onLoss: (detail) => timeline.record({ type: "observer.failed", observer: "log files", detail }),
  });
  const write = (event: TimelineEvent): void => {
    if (event.type !== "platform.log" || event.instance !== instance) return;
    writer.platform(event.level, event.line, Date.parse(event.wall));
  };
  for (const event of timeline.events) write(event);
  const unsubscribe = timeline.subscribe(write);
  // Before the platform container, whose agent does the writing, is removed.
  stack.defer("log files", async () => {
    unsubscribe();
    await writer.close();
  });
  return writer;
}
