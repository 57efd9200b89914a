import type { LastError, SiteState, SiteStateDetails } from "../../timeline/site-state.ts";
import type { Timeline } from "../../timeline/timeline.ts";

/** One entry of App Service's `siteStatus` (A7.5). */
export interface InstanceStatus {
  readonly state: SiteState;
  readonly details: SiteStateDetails;
  /** Stays after recovery (A3.2); `null`: there was none. */
  readonly lastError: LastError | null;
  /** ISO 8601 in UTC. */
  readonly lastErrorTimestamp: string | null;
  readonly lastErrorDetails: string | null;
}

export type LastErrorOfInstance = Pick<
  InstanceStatus,
  "lastError" | "lastErrorTimestamp" | "lastErrorDetails"
>;

/** What may follow what (A3.2). Containers are made side by side, so their three steps may come in any order. */
const NEXT: Readonly<Record<SiteStateDetails, readonly SiteStateDetails[]>> = {
  Stopped: ["EstablishingSiteNetworks", "Blocked"],
  Blocked: ["Stopped"],
  EstablishingSiteNetworks: ["StartingSiteContainers", "CancellingStartup"],
  StartingSiteContainers: [
    "PullingImage",
    "MountingVolumes",
    "CreatingContainer",
    "InitiatingSiteWarmUpProbe",
    "CancellingStartup",
  ],
  PullingImage: ["PullingImage", "MountingVolumes", "CreatingContainer", "CancellingStartup"],
  MountingVolumes: ["PullingImage", "MountingVolumes", "CreatingContainer", "CancellingStartup"],
  CreatingContainer: [
    "PullingImage",
    "MountingVolumes",
    "CreatingContainer",
    "InitiatingSiteWarmUpProbe",
    "CancellingStartup",
  ],
  InitiatingSiteWarmUpProbe: ["WaitingForSiteWarmUpProbeSuccess", "CancellingStartup"],
  WaitingForSiteWarmUpProbeSuccess: ["WarmUpProbeSucceeded", "CancellingStartup"],
  WarmUpProbeSucceeded: ["Started", "CancellingStartup"],
  Started: ["StoppingSite"],
  CancellingStartup: ["StoppingSiteContainers"],
  StoppingSite: ["StoppingSiteContainers"],
  StoppingSiteContainers: ["UnmountingVolumes"],
  UnmountingVolumes: ["StoppingSiteNetworks"],
  StoppingSiteNetworks: ["Stopped"],
};

const STATE_OF: Readonly<Record<SiteStateDetails, SiteState>> = {
  EstablishingSiteNetworks: "Starting",
  StartingSiteContainers: "Starting",
  PullingImage: "Starting",
  MountingVolumes: "Starting",
  CreatingContainer: "Starting",
  InitiatingSiteWarmUpProbe: "Starting",
  WaitingForSiteWarmUpProbeSuccess: "Starting",
  WarmUpProbeSucceeded: "Starting",
  Started: "Started",
  CancellingStartup: "Stopping",
  StoppingSite: "Stopping",
  StoppingSiteContainers: "Stopping",
  UnmountingVolumes: "Stopping",
  StoppingSiteNetworks: "Stopping",
  Stopped: "Stopped",
  Blocked: "Blocked",
};

const NO_ERROR: LastErrorOfInstance = { lastError: null, lastErrorTimestamp: null, lastErrorDetails: null };

/** The platform's state machine for one instance (A3.2). Every step is on the timeline. */
export class InstanceState {
  readonly #timeline: Timeline;
  readonly #onChange: () => void;
  #details: SiteStateDetails = "Stopped";
  #error: LastErrorOfInstance;

  /** @param before the last error of the worker's earlier instance: it stays after recovery. */
  constructor(
    timeline: Timeline,
    before: LastErrorOfInstance = NO_ERROR,
    onChange: () => void = () => undefined,
  ) {
    this.#timeline = timeline;
    const { lastError, lastErrorTimestamp, lastErrorDetails } = before;
    this.#error = { lastError, lastErrorTimestamp, lastErrorDetails };
    this.#onChange = onChange;
  }

  get status(): InstanceStatus {
    return { state: STATE_OF[this.#details], details: this.#details, ...this.#error };
  }

  /**
   * @param container whose step it is, where the step is one container's.
   * @throws {TypeError} for a step that can't follow: a fault of the harness.
   */
  enter(details: SiteStateDetails, container?: string): void {
    if (!NEXT[this.#details].includes(details)) {
      throw new TypeError(`the platform's state ${details} can't follow ${this.#details}`);
    }
    this.#details = details;
    const { lastError } = this.#error;
    this.#timeline.record({
      type: "platform.state",
      state: STATE_OF[details],
      details,
      ...(container === undefined ? {} : { container }),
      ...(lastError === null ? {} : { lastError }),
    });
    this.#onChange();
  }

  /** What went wrong, told with the next step and from then on. */
  failed(lastError: LastError, lastErrorDetails: string): void {
    this.#error = { lastError, lastErrorTimestamp: new Date().toISOString(), lastErrorDetails };
  }

  /** All steps from wherever it is to `Stopped`; `stop` ends the containers, `unmount` and `leave` free what they had. */
  async stop(steps: {
    readonly stopContainers: () => Promise<void>;
    readonly unmountVolumes?: () => Promise<void>;
    readonly leaveNetworks?: () => Promise<void>;
  }): Promise<void> {
    const { state } = this.status;
    if (state === "Stopped" || state === "Blocked") return;
    if (state !== "Stopping") this.enter(state === "Started" ? "StoppingSite" : "CancellingStartup");
    this.enter("StoppingSiteContainers");
    await steps.stopContainers();
    this.enter("UnmountingVolumes");
    await steps.unmountVolumes?.();
    this.enter("StoppingSiteNetworks");
    await steps.leaveNetworks?.();
    this.enter("Stopped");
  }
}
