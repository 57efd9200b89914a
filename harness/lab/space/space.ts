import { Random } from "../../shared/random.ts";
import { STORAGE, type Schedule } from "../../schedule/schedule.ts";
import type { FaultData } from "../../schedule/step.ts";
import { chosenDisturbances, defaultDisturbances, type DisturbedSite } from "./disturbances.ts";
import type { Disturbance, GridValue, Point, Space } from "../exploration.ts";
import { makeGrid } from "./grid.ts";
import { allOrders, coveringOrders, MOST_CONTAINERS_IN_ALL_ORDERS } from "./orders.ts";
import { keyOf } from "./schedule-key.ts";

export interface SpaceOptions {
  /** In ms; 0 is always among them. Default: see {@link makeGrid}. */
  readonly delaysMs?: readonly number[];
  /** Default true: those of {@link defaultDisturbances}. */
  readonly disturbances?: boolean;
  /** Further ones, each on from before the first start. */
  readonly faults?: readonly FaultData[];
  /** For a person; default the fault's own name. */
  readonly describeFault?: (fault: FaultData) => string;
  /** Interval of the site's cron binding, in ms. */
  readonly tickIntervalMs?: number;
  /** Which orders and delays are taken where they are too many; default 0. */
  readonly seed?: number;
}

/** Of many containers, how many orders are taken, and how many further delays for each. */
const ORDERS_TAKEN = 40;
const FURTHER_DELAYS = 20;

/** All that an exploration of a site could try. The same for the same site and options. */
export function makeSpace(site: DisturbedSite, options: SpaceOptions = {}): Space {
  const names = site.siteContainers.map(({ name }) => name);
  const containers = site.storageAccounts.length > 0 ? [STORAGE, ...names] : names;
  const grid = makeGrid(options.delaysMs);
  const disturbances = [
    ...((options.disturbances ?? true) ? defaultDisturbances(site, options) : []),
    ...chosenDisturbances(options.faults ?? [], options.describeFault ?? (({ fault }) => fault)),
  ];
  const { orders, gapsOf, sampled } = startsOf(containers, grid, new Random(options.seed ?? 0));
  const points = orders.flatMap((order) => gapsOf().map((gapsMs) => startPoint(order, gapsMs)));
  const disturbed = disturbances.map((disturbance) => disturbedPoint(names, disturbance));
  return {
    containers,
    grid,
    disturbances,
    points: distinct([...points, ...disturbed]),
    ...(sampled === undefined ? {} : { sampled }),
  };
}

/**
 * The schedule of an order with a delay before each start but the first.
 *
 * Storage that comes first and alone is as if it had been up before: nothing waits for a start of its own there, so how long
 * before makes no difference, and the schedule does not name it.
 */
export function scheduleOf(order: readonly string[], gapsMs: readonly number[]): Schedule {
  let atMs = 0;
  const starts = order.map((container, index) => {
    atMs += index === 0 ? 0 : (gapsMs[index - 1] ?? 0);
    return { container, atMs };
  });
  const [first, second, ...rest] = starts;
  if (first?.container !== STORAGE || second === undefined || second.atMs === 0) return { starts };
  return {
    starts: [second, ...rest].map((start) => ({ ...start, atMs: start.atMs - second.atMs })),
  };
}

interface Starts {
  readonly orders: readonly (readonly string[])[];
  /** Called for each order. */
  readonly gapsOf: () => readonly (readonly number[])[];
  readonly sampled?: string;
}

function startsOf(containers: readonly string[], grid: readonly GridValue[], random: Random): Starts {
  const delays = grid.map(({ ms }) => ms);
  const places = Math.max(0, containers.length - 1);
  if (containers.length <= MOST_CONTAINERS_IN_ALL_ORDERS) {
    const all = allGaps(places, delays);
    return { orders: allOrders(containers), gapsOf: () => all };
  }
  const single = singleGaps(places, delays);
  return {
    orders: coveringOrders(containers, ORDERS_TAKEN, random),
    gapsOf: () => [...single, ...someGaps(places, delays, random)],
    sampled:
      `${containers.length} containers have too many orders and delays to try them all: ` +
      `${ORDERS_TAKEN} orders with each container first and last and each two in both orders; in each, every delay at ` +
      `every place alone, and ${FURTHER_DELAYS} times two delays at once`,
  };
}

function allGaps(places: number, delays: readonly number[]): readonly (readonly number[])[] {
  if (places === 0) return [[]];
  return allGaps(places - 1, delays).flatMap((gaps) => delays.map((delay) => [...gaps, delay]));
}

/** No delay, and each delay at each place with none elsewhere. */
function singleGaps(places: number, delays: readonly number[]): readonly (readonly number[])[] {
  const none = Array.from({ length: places }, () => 0);
  const alone = none.flatMap((_, place) =>
    delays.filter((delay) => delay > 0).map((delay) => none.with(place, delay)),
  );
  return [none, ...alone];
}

function someGaps(places: number, delays: readonly number[], random: Random): readonly (readonly number[])[] {
  const none = Array.from({ length: places }, () => 0);
  return Array.from({ length: FURTHER_DELAYS }, () =>
    none.with(random.below(places), pick(delays, random)).with(random.below(places), pick(delays, random)),
  );
}

function pick(delays: readonly number[], random: Random): number {
  return delays[random.below(delays.length)] ?? 0;
}

function startPoint(order: readonly string[], gapsMs: readonly number[]): Point {
  const schedule = scheduleOf(order, gapsMs);
  return { key: keyOf(schedule), schedule, order, gapsMs };
}

/** On a start that is otherwise the plainest: all right after each other in the site's own order, storage up before. */
function disturbedPoint(names: readonly string[], { name, steps }: Disturbance): Point {
  const starts = names.map((container) => ({ container, atMs: 0 }));
  return {
    key: `${keyOf({ starts })}; ${name}`,
    schedule: { starts, steps },
    order: names,
    gapsMs: names.slice(1).map(() => 0),
    disturbance: name,
  };
}

/** The first of those that are equivalent. */
function distinct(points: readonly Point[]): readonly Point[] {
  const byKey = new Map<string, Point>();
  for (const point of points) {
    const key = keyOf(point.schedule);
    if (!byKey.has(key)) byKey.set(key, point);
  }
  return [...byKey.values()];
}
