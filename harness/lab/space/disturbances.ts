import type { SiteDefinition } from "../../definition/site-definition.ts";
import type { Cue, FaultData, ScheduledStep } from "../../schedule/step.ts";
import type { Disturbance } from "../exploration.ts";

/** What of a site says which disturbances fit it. */
export type DisturbedSite = Pick<
  SiteDefinition,
  "siteContainers" | "daprSidecars" | "storageAccounts" | "identity"
>;

export interface DisturbanceOptions {
  /** Interval of the site's cron binding, in ms; absent: none or not known, and no stop is aimed at a tick. */
  readonly tickIntervalMs?: number;
}

const READY: Cue = { seen: "site-ready" };

/** Between a kill and the start that follows: longer than a client's first tries, shorter than any known limit. */
const DOWN_MS = 2000;
const PAUSE_MS = 3000;
const SLOW_IDENTITY_MS = 8000;
/** An outage has to cover a tick; where the interval is not known, the example's `@every 10s`. */
const ASSUMED_INTERVAL_MS = 10_000;
const BEYOND_A_TICK_MS = 500;

/** Around the moment at which the next tick will be counted: daprd counts one when main has answered. */
const STOPS_AROUND_A_COUNT_MS = [
  { ms: -400, reason: "a slow handler of main's has begun" },
  { ms: -250, reason: "main's handler is at work" },
  { ms: -100, reason: "main's write is under way" },
  { ms: 5, reason: "main has just answered" },
  { ms: 150, reason: "between two ticks" },
];

/** What is done to a site by default, beside starting it in every order; only what fits the site. */
export function defaultDisturbances(
  site: DisturbedSite,
  options: DisturbanceOptions = {},
): readonly Disturbance[] {
  const main = site.siteContainers.find(({ properties }) => properties.isMain)?.name;
  const sidecars = site.daprSidecars.map(({ container }) => container);
  return [
    ...sidecars.map(killedSidecar),
    ...(main === undefined ? [] : [killedMain(main)]),
    ...sidecars.map(paused),
    ...(site.storageAccounts.length > 0 ? storageDisturbances(options) : []),
    ...(site.identity.type === "None" ? [] : IDENTITY_DISTURBANCES),
    ...(options.tickIntervalMs === undefined ? [] : stopsInATick(options.tickIntervalMs)),
  ];
}

/** Faults that the user chose: on from before the first start to the end. */
export function chosenDisturbances(
  faults: readonly FaultData[],
  describe: (fault: FaultData) => string,
): readonly Disturbance[] {
  return faults.map((fault) => ({
    name: describe(fault),
    reason: "chosen",
    steps: [{ when: { atMs: 0 }, inject: fault }],
  }));
}

function killedSidecar(container: string): Disturbance {
  return {
    name: `${container} killed and started again`,
    reason: "a client that has once found its sidecar no longer waits for it (daprd.md §5)",
    steps: killAndStart(container),
  };
}

function killedMain(container: string): Disturbance {
  return {
    name: `${container} killed and started again`,
    reason: "daprd does not notice that its app is gone, and ticks in between are lost (daprd.md §1.2)",
    steps: killAndStart(container),
  };
}

function killAndStart(container: string): readonly ScheduledStep[] {
  return [
    { when: { after: READY }, do: "kill", container },
    { when: { after: READY, plusMs: DOWN_MS }, do: "start", container },
  ];
}

function paused(container: string): Disturbance {
  return {
    name: `${container} paused for ${PAUSE_MS / 1000} s`,
    reason: "a frozen daprd fires once when it goes on, and in another phase (daprd.md §2)",
    steps: [
      { when: { after: READY }, do: "pause", container },
      { when: { after: READY, plusMs: PAUSE_MS }, do: "resume", container },
    ],
  };
}

function storageDisturbances({ tickIntervalMs }: DisturbanceOptions): readonly Disturbance[] {
  const outageMs = (tickIntervalMs ?? ASSUMED_INTERVAL_MS) + BEYOND_A_TICK_MS;
  return [
    {
      name: `storage refused for ${outageMs / 1000} s`,
      reason: "longer than an interval, so that a tick falls into it; the next one has to work (daprd.md §3)",
      steps: [
        {
          when: { after: READY },
          inject: { fault: "storage-refused" },
          until: { after: READY, plusMs: outageMs },
        },
      ],
    },
    {
      name: "storage answers 503 to the first 3 requests",
      reason: "a throttled account at the start; the Azure client tries four times (daprd.md §1.3, §3)",
      steps: [
        {
          when: { atMs: 0 },
          inject: { fault: "storage-status", status: 503, first: 3, retryAfterSeconds: 1 },
        },
      ],
    },
  ];
}

const IDENTITY_DISTURBANCES: readonly Disturbance[] = [
  {
    name: `identity answers after ${SLOW_IDENTITY_MS / 1000} s`,
    reason: "beyond the 5 s of a component's init, which then hides the cause (daprd.md §4)",
    steps: [{ when: { atMs: 0 }, inject: { fault: "identity-slow", delayMs: SLOW_IDENTITY_MS } }],
  },
  {
    name: "identity answers 500 to the first 2 requests",
    reason: "the client tries again, within the 5 s of a component's init (daprd.md §4)",
    steps: [{ when: { atMs: 0 }, inject: { fault: "identity-status", status: 500, first: 2 } }],
  },
];

function stopsInATick(intervalMs: number): readonly Disturbance[] {
  return STOPS_AROUND_A_COUNT_MS.map(({ ms, reason }) => ({
    name: `stopped ${Math.abs(ms)} ms ${ms < 0 ? "before" : "after"} a tick is counted`,
    reason: `accepted work must not be lost on SIGTERM (daprd.md §1.4): ${reason}`,
    steps: [
      {
        // Of a ready site: where several bindings come one after the other, a stop before the last one is there shows nothing of it.
        when: { after: { seen: "tick", ready: true }, plusMs: Math.max(0, intervalMs + ms) },
        do: "stop-site",
      },
    ],
  }));
}
