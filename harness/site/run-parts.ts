import type { SiteDefinition } from "../definition/site-definition.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { RunIdentity } from "../runtime/labels.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";
import type { RunDirectory } from "../timeline/run-directory.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Host } from "./host.ts";
import type { Trust } from "./site-parts.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What everything of one run shares. */
export interface RunParts {
  readonly host: Host;
  readonly run: RunIdentity;
  readonly timeline: Timeline;
  readonly directory: RunDirectory;
  readonly trust: Trust;
  /** Everything that is made registers its removal. */
  readonly stack: ReleaseStack;
  /** The run's life: aborted when it ends, and by what ends it (the engine going away). */
  readonly life: AbortController;
  /** Name of a `/home` that outlives runs; absent: this run's own. */
  readonly home?: string;
  /** Many runs share the machine: what costs and need not be often is seldom. Default false. */
  readonly economical?: boolean;
  /** Absent: cron goes by this machine's clock. */
  readonly virtualTime?: VirtualTime;
  /** The loopback of its instances is looked at. Default false. */
  readonly tap?: boolean;
  /** The plan of one worker's instances; the run's ids and the caller's options are in it already. */
  readonly planFor: (definition: SiteDefinition, worker: number) => SitePlan;
}
