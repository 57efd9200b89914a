import type { Exploration, Tried } from "../exploration.ts";
import {
  exploration,
  failingClass,
  GRID,
  ORDERS,
  NOT_GRACEFUL,
  starts,
  STORAGE_LATE,
  tried,
} from "./exploration-parts.ts";

/** Explorations made by hand, for the report and the commands: each is what a laboratory could have found. */

export { exploration, STORAGE_LATE, tried } from "./exploration-parts.ts";

/** Of equivalent schedules the first, as the space has them. */
function everyPoint(trial: (order: readonly string[], gapsMs: readonly number[]) => Tried): readonly Tried[] {
  const points = ORDERS.flatMap((order) =>
    GRID.flatMap(({ ms: one }) => GRID.map(({ ms: other }) => trial(order, [one, other]))),
  );
  return points.filter(({ key }, index) => points.findIndex((other) => other.key === key) === index);
}

/** Everything held. */
export function allHeld(): Exploration {
  return exploration({ tried: everyPoint((order, gaps) => tried(order, gaps)) });
}

/** How much later storage starts than dapr. */
function storageAfterDapr(order: readonly string[], gapsMs: readonly number[]): number {
  const [from, to] = [order.indexOf("dapr"), order.indexOf("storage")];
  const between = gapsMs.slice(Math.min(from, to), Math.max(from, to)).reduce((sum, gap) => sum + gap, 0);
  return from < to ? between : -between;
}

/** The example as written: a late storage kills dapr, main never ends in the grace, and two disturbances. */
export function exampleSite(): Exploration {
  const points = everyPoint((order, gaps) =>
    tried(order, gaps, {
      verdict: "broken",
      classes: storageAfterDapr(order, gaps) > 5000 ? [STORAGE_LATE, NOT_GRACEFUL] : [NOT_GRACEFUL],
    }),
  );
  const plain = starts(["main", "dapr"], [0]);
  return exploration({
    tried: [
      ...points.with(7, {
        ...tried(ORDERS[0] ?? [], [500, 4000]),
        verdict: "unknown",
        reason: "a start was 214 ms late in each of three tries",
      }),
      tried(["main", "dapr"], [0], {
        verdict: "broken",
        classes: [NOT_GRACEFUL],
        key: "killed",
        disturbance: "dapr killed and started again",
        schedule: {
          ...plain,
          steps: [
            { when: { after: { seen: "tick", count: 2 } }, do: "kill", container: "dapr" },
            { when: { after: { seen: "tick", count: 2 }, plusMs: 2000 }, do: "start", container: "dapr" },
          ],
        },
      }),
      tried(["main", "dapr"], [0], {
        verdict: "held",
        key: "503",
        disturbance: "storage answers 503 to the first 3 requests",
        schedule: {
          ...plain,
          steps: [
            {
              when: { atMs: 0 },
              inject: { fault: "storage-status", status: 503, first: 3 },
              until: { atMs: 6000 },
            },
          ],
        },
      }),
    ],
    points: points.length + 2,
    disturbances: [
      { name: "dapr killed and started again", reason: "the platform restarts a sidecar that ends" },
      {
        name: "storage answers 503 to the first 3 requests",
        reason: "storage throttles a site that has just started",
      },
    ],
    classes: [
      failingClass({
        contract: "bindingsActive",
        symptom: 'component "blob" not loaded',
        threshold: { what: "storage starts later than dapr by", holdsMs: 4980, breaksMs: 5060 },
        nearestHeld: starts(["dapr", "storage", "main"], [4980, 0]),
        heldRunDirectory: "/tmp/explorations/one/runs/nearest",
        evidence: ['component "blob" is not in daprd\'s metadata 12.1 s after the start'],
        diagnoses: [
          {
            rule: "component-init-timeout",
            cause:
              "daprd gave up the init of component blob after 5 s: storage could not be reached until 7.0 s",
            source: "daprd.md §1.3",
            evidence: [
              { source: "timeline", tMs: 7012, quote: "storage started" },
              {
                source: "log of dapr",
                tMs: 5310,
                quote:
                  "Failed to init component blob (bindings.azure.blobstorage/v1): init timeout for component exceeded after 5s",
              },
            ],
            remedies: [
              { text: "give the component spec.initTimeout: 30s" },
              { text: "start storage before dapr" },
            ],
          },
        ],
      }),
      failingClass({
        contract: "stopsGracefully",
        symptom: 'container "main" killed at the end of the grace',
        judgement: "always",
        points: 150,
        smallest: plain,
        evidence: ["main ended with 137 after 5.2 s: SIGKILL"],
      }),
    ],
  });
}

/** Two input bindings of which now one and now the other dies. */
export function race(): Exploration {
  const key = "bindingsActive: an input binding is never active";
  const points = everyPoint((order, gaps) =>
    (gaps[0] ?? 0) % 7000 === 0
      ? tried(order, gaps, { verdict: "broken", classes: [key] })
      : tried(order, gaps),
  );
  return exploration({
    tried: points,
    classes: [
      failingClass({
        contract: "bindingsActive",
        symptom: "an input binding is never active",
        judgement: "race",
        smallest: starts(["main", "dapr"], [0]),
        repeats: { runs: 20, broken: 9, interval: [0.231, 0.685] },
        heldRepeats: { runs: 20, broken: 8, interval: [0.191, 0.639] },
        nearestHeld: starts(["main", "dapr"], [500]),
      }),
    ],
  });
}

/** Not everything fitted the budget, and the machine was too busy for some. */
export function sampled(): Exploration {
  const all = everyPoint((order, gaps) => tried(order, gaps));
  return exploration({
    tried: all
      .filter((_, index) => index % 3 === 0)
      .map((one, index) =>
        index % 7 === 0
          ? { ...one, verdict: "unknown", reason: "a start was 340 ms late in each of three tries" }
          : one,
      ),
    points: all.length,
    leftOut: all.filter((_, index) => index % 3 !== 0).map(({ key }) => key),
  });
}

/** A storage and a main container alone. */
export function twoContainers(): Exploration {
  const orders = [
    ["storage", "main"],
    ["main", "storage"],
  ];
  return exploration({
    containers: ["storage", "main"],
    tried: orders.flatMap((order) =>
      GRID.map(({ ms }) =>
        order[0] === "main" && ms > 5000
          ? tried(order, [ms], { verdict: "broken", classes: ["siteStarts: never Started"] })
          : tried(order, [ms]),
      ),
    ),
    classes: [
      failingClass({
        contract: "siteStarts",
        symptom: "never Started",
        smallest: starts(["main", "storage"], [5100]),
        nearestHeld: starts(["main", "storage"], [5020]),
        threshold: { what: "storage starts later than main by", holdsMs: 5020, breaksMs: 5100 },
      }),
    ],
  });
}

/** Too many orders for a map of all: pairs. */
export function fiveContainers(): Exploration {
  const names = ["storage", "web-front-end-with-a-long-name", "dapr", "redis", "collector"];
  const key = 'nothingExits: container "collector" exits (1)';
  const orders = names.flatMap((_, turn) => [
    [...names.slice(turn), ...names.slice(0, turn)],
    [...names.slice(turn), ...names.slice(0, turn)].toReversed(),
  ]);
  return exploration({
    site: "five",
    containers: names,
    tried: orders.flatMap((order) =>
      GRID.flatMap(({ ms }, place) => {
        const gaps = [0, 0, 0, 0].with(place % 4, ms);
        const at = new Map(starts(order, gaps).starts.map(({ container, atMs }) => [container, atMs ?? 0]));
        const late = (at.get("redis") ?? 0) - (at.get("collector") ?? 0) >= 500;
        return late ? tried(order, gaps, { verdict: "broken", classes: [key] }) : tried(order, gaps);
      }),
    ),
    sampled: "5 containers have too many orders and delays to try them all: 40 orders",
    points: 900,
    leftOut: Array.from({ length: 850 }, (_, index) => `left-out-${index}`),
    classes: [
      failingClass({
        contract: "nothingExits",
        symptom: 'container "collector" exits (1)',
        smallest: starts(["collector", "redis"], [430]),
        nearestHeld: starts(["collector", "redis"], [350]),
        threshold: { what: "redis starts later than collector by", holdsMs: 350, breaksMs: 430 },
      }),
    ],
  });
}

const HOSTILE = `<script>alert("x")</script>&"'><img src=x onerror=alert(1)>\u001B[31mred\u0007`;

/** Names, log lines and paths that try to become markup or to move a terminal's cursor. */
export function hostile(): Exploration {
  const order = [HOSTILE, "main"];
  return exploration({
    site: HOSTILE,
    inputs: [HOSTILE],
    containers: order,
    grid: [{ ms: 0, reason: HOSTILE }],
    disturbances: [{ name: HOSTILE, reason: HOSTILE }],
    contracts: [{ name: HOSTILE, promise: HOSTILE }],
    differences: [HOSTILE],
    leftOut: [HOSTILE],
    tried: [
      tried(order, [0], {
        verdict: "broken",
        classes: [`${HOSTILE}: ${HOSTILE}`],
        reason: HOSTILE,
        runDirectory: `/tmp/${HOSTILE}`,
      }),
      tried(order, [0], {
        verdict: "unknown",
        disturbance: HOSTILE,
        reason: HOSTILE,
        schedule: {
          ...starts(order, [0]),
          steps: [
            {
              when: { after: { seen: "component-loaded", component: HOSTILE } },
              inject: { fault: HOSTILE, text: HOSTILE },
            },
          ],
        },
      }),
    ],
    classes: [
      failingClass({
        contract: HOSTILE,
        symptom: HOSTILE,
        smallest: starts(order, [0]),
        nearestHeld: starts(order.toReversed(), [100]),
        evidence: [HOSTILE],
        threshold: { what: HOSTILE, holdsMs: 1, breaksMs: 90 },
        diagnoses: [
          {
            rule: HOSTILE,
            cause: HOSTILE,
            source: HOSTILE,
            evidence: [{ source: HOSTILE, quote: HOSTILE }],
            remedies: [{ text: HOSTILE }],
          },
        ],
        runDirectory: HOSTILE,
        heldRunDirectory: HOSTILE,
        foundBy: HOSTILE,
        replayCommand: HOSTILE,
      }),
    ],
  });
}
