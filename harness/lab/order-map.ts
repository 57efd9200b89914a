import type { Exploration, Tried } from "./exploration.ts";
import { allOrders } from "./orders.ts";
import { keyOf } from "./schedule-key.ts";
import { scheduleOf } from "./space.ts";
import { formatDelay, letterOf } from "./report/words.ts";

/** In the order in which they are explained. */
export const CELL_STATES = ["held", "everywhere", "mixed", "broken", "unknown", "empty"] as const;

/**
 * - `everywhere`: broken, but only by what every schedule breaks; says nothing about this order;
 * - `mixed`: several points stand here, and not all of them break;
 * - `empty`: nothing was tried here.
 */
export type CellState = (typeof CELL_STATES)[number];

/** Where an order and a delay meet. */
export interface MapCell {
  readonly state: CellState;
  /** The letter of the class that breaks most here, small where not all break; else of its state: readable without colours. */
  readonly mark: string;
  /** Positions in {@link Exploration.tried}. */
  readonly trials: readonly number[];
}

/** A table of cells: what was tried, by order and delay. */
export interface OrderMap {
  /** Absent where the rows are the orders. */
  readonly title?: string;
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly rows: readonly { readonly label: string; readonly cells: readonly MapCell[] }[];
  readonly columns: readonly string[];
}

/** Marks of cells that no class marks. */
export const MARKS: Readonly<Record<CellState, string>> = {
  held: "·",
  everywhere: "o",
  mixed: "!",
  broken: "!",
  unknown: "?",
  empty: "",
};

/** Each class's letter by its key, in the order of the exploration. */
export function classLetters({ classes }: Pick<Exploration, "classes">): ReadonlyMap<string, string> {
  return new Map(classes.map(({ key }, index) => [key, letterOf(index)]));
}

/** Rows and columns of a map, and which trials, by their positions, stand where they meet. */
interface Layout {
  readonly title?: string;
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly at: (row: number, column: number) => readonly number[];
}

/**
 * What was tried, without disturbances, as tables that a person can take in: with two containers the orders by the delay;
 * with three, for each order the first delay by the second; with more, where orders are too many, each container before each
 * other one by the time between them.
 */
export function orderMaps(exploration: Exploration): readonly OrderMap[] {
  const cell = marker(exploration);
  return layouts(exploration).map(({ at, rows, columns, ...titles }) => ({
    ...titles,
    columns,
    rows: rows.map((label, row) => ({ label, cells: columns.map((_, column) => cell(at(row, column))) })),
  }));
}

/** From the trials that stand in a cell to the cell. */
export function marker({ tried, classes }: Exploration): (trials: readonly number[]) => MapCell {
  const letters = classLetters({ classes });
  const everywhere = new Set(classes.filter(({ judgement }) => judgement === "always").map(({ key }) => key));
  return (trials) => {
    const here = trials.flatMap((index) => tried[index] ?? []);
    const broken = here.filter(({ verdict }) => verdict === "broken");
    // A break of its own: of a class that not every schedule breaks, or of none that is known yet.
    const own = broken.filter(
      ({ classes: keys }) => keys.length === 0 || keys.some((key) => !everywhere.has(key)),
    );
    const state = stateOf({
      all: here.length,
      own: own.length,
      broken: broken.length,
      unknown: here.filter(({ verdict }) => verdict === "unknown").length,
    });
    const most = mostFrequent(own.flatMap(({ classes: keys }) => keys.filter((key) => !everywhere.has(key))));
    const letter = most === undefined ? undefined : letters.get(most);
    const mark = state === "mixed" ? letter?.toLowerCase() : letter;
    return { state, mark: mark ?? MARKS[state], trials };
  };
}

function stateOf(count: {
  readonly all: number;
  readonly own: number;
  readonly broken: number;
  readonly unknown: number;
}): CellState {
  if (count.all === 0) return "empty";
  if (count.own === count.all) return "broken";
  if (count.own > 0) return "mixed";
  // What could not be judged may hide a break, so it is told before what held.
  if (count.unknown > 0) return "unknown";
  return count.broken > 0 ? "everywhere" : "held";
}

function mostFrequent(keys: readonly string[]): string | undefined {
  const groups = [...Map.groupBy(keys, (key) => key)];
  return groups.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}

function layouts(exploration: Exploration): readonly Layout[] {
  const { containers } = exploration;
  if (containers.length <= 2) return [byOrder(exploration)];
  return containers.length === 3 ? byGaps(exploration) : [byPairs(exploration)];
}

function plain({ tried }: Exploration): readonly Tried[] {
  return tried.filter(({ disturbance }) => disturbance === undefined);
}

/**
 * Finds the trials of an order with its delays. Of equivalent schedules only one was run, and it stands for all of them: each
 * has its place on the map.
 */
function finder({
  tried,
}: Exploration): (order: readonly string[], gapsMs: readonly number[]) => readonly number[] {
  const byKey = Map.groupBy(tried.keys(), (index) => keyOf(tried[index]?.schedule ?? { starts: [] }));
  return (order, gapsMs) => byKey.get(keyOf(scheduleOf(order, gapsMs))) ?? [];
}

/** Every order of the containers in which something was tried, the site's own first. */
function ordersOf(exploration: Exploration): readonly (readonly string[])[] {
  const tried = new Set(plain(exploration).map(({ order }) => nameOf(order)));
  return allOrders(exploration.containers).filter((order) => tried.has(nameOf(order)));
}

function nameOf(order: readonly string[]): string {
  return order.join(" → ");
}

/** The grid's delays, and others that were tried. */
function delaysOf(exploration: Exploration, gap: (tried: Tried) => number | undefined): readonly number[] {
  const tried = plain(exploration).flatMap((one) => gap(one) ?? []);
  return [...new Set([...exploration.grid.map(({ ms }) => ms), ...tried])].toSorted((a, b) => a - b);
}

function byOrder(exploration: Exploration): Layout {
  const orders = ordersOf(exploration);
  const find = finder(exploration);
  const alone = exploration.containers.length < 2;
  const delays = alone ? [0] : delaysOf(exploration, ({ gapsMs }) => gapsMs[0]);
  return {
    rowTitle: "order of the starts",
    columnTitle: "the second starts after the first by",
    rows: orders.map(nameOf),
    columns: delays.map(formatDelay),
    at: (row, column) => find(orders[row] ?? [], alone ? [] : [delays[column] ?? 0]),
  };
}

function byGaps(exploration: Exploration): readonly Layout[] {
  const find = finder(exploration);
  const first = delaysOf(exploration, ({ gapsMs }) => gapsMs[0]);
  const second = delaysOf(exploration, ({ gapsMs }) => gapsMs[1]);
  return ordersOf(exploration).map((order) => {
    const [one = "", two = "", three = ""] = order;
    return {
      title: nameOf(order),
      rowTitle: `${two} after ${one}`,
      columnTitle: `${three} after ${two}`,
      rows: first.map(formatDelay),
      columns: second.map(formatDelay),
      at: (row, column) => find(order, [first[row] ?? 0, second[column] ?? 0]),
    };
  });
}

/** Every pair by the time between the two starts; a time between two delays of the grid counts to the lower one. */
function byPairs(exploration: Exploration): Layout {
  const { containers, tried } = exploration;
  const pairs = containers.flatMap((one) =>
    containers.filter((other) => other !== one).map((other) => [one, other] as const),
  );
  const delays = delaysOf(exploration, () => undefined);
  return {
    rowTitle: "which starts before which",
    columnTitle: "by at least",
    rows: pairs.map((pair) => nameOf(pair)),
    columns: delays.map(formatDelay),
    at: (row, column) => {
      const [one = "", other = ""] = pairs[row] ?? [];
      return [...tried.entries()].flatMap(([index, trial]) => {
        if (trial.disturbance !== undefined) return [];
        const between = timeBetween(trial, one, other);
        return between !== undefined && delays.findLastIndex((ms) => ms <= between) === column ? [index] : [];
      });
    },
  };
}

/** `undefined`: the other one starts first. */
function timeBetween({ order, gapsMs }: Tried, one: string, other: string): number | undefined {
  const from = order.indexOf(one);
  const to = order.indexOf(other);
  if (from < 0 || to < from) return undefined;
  return gapsMs.slice(from, to).reduce((sum, gap) => sum + gap, 0);
}
