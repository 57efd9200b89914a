import type { Contract } from "../../contracts/contract.ts";
import type { StartSiteOptions } from "../../site/start-site.ts";

/** How long a trial looks at a site, beyond what its schedule does. */
export interface TrialLimits {
  /** Ticks of each cron binding that are awaited after the last start or step; default 2. */
  readonly ticks: number;
  /**
   * How long a site that has not started or is not ready is awaited after the schedule's last start or step, in ms; default
   * 40,000: beyond the longest wait known of its parts, the Dapr client's 30.7 s (daprd.md §5). The site's own start limit
   * counts where it is shorter.
   */
  readonly settleMs: number;
}

export interface LaboratoryOptions extends Pick<
  StartSiteOptions,
  "host" | "files" | "images" | "settings" | "resources" | "instances" | "inputs" | "progress" | "signal"
> {
  readonly contracts: readonly Contract[];
  /** Where the trials' folders are made. */
  readonly runsDirectory: string;
  readonly limits?: Partial<TrialLimits>;
  /** Every cron binding fires in this interval, a Go duration; a difference, stated in each record. Default: as deployed. */
  readonly tickEvery?: string;
  /** About how many schedules are to be tried; default: few. For many, benches are made ahead: making one moves others' starts. */
  readonly schedules?: number;
  /** The most trials at a time; default: what the machine bears. Never more than 24: each has a network, and an engine has some 30. */
  readonly mostAtOnce?: number;
  /** A trial whose starts or steps were later than this does not count; default 100. */
  readonly latenessBoundMs?: number;
}
