import type { Exploration, Tried } from "./exploration.ts";
import { formatDelay, letterOf } from "./report/words.ts";

/**
 * - `everywhere`: broken, but only by what every schedule breaks; says nothing about this order;
 * - `mixed`: several points stand here, and not all of them break;
 * - `empty`: nothing was tried here.
 */
export type CellState = "held" | "everywhere" | "mixed" | "broken" | "unknown" | "empty";

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

/** Rows and columns of a map, and to which of them a point belongs: to none, one, or several. */
interface Layout {
  readonly title?: string;
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly place: (tried: Tried) => readonly (readonly [row: number, column: number])[];
}

/**
 * What was tried, without disturbances, as tables that a person can take in: with two containers the orders by the delay;
 * with three, for each order the first delay by the second; with more, where orders are too many, each container before each
 * other one by the time between them.
 */
export function orderMaps(exploration: Exploration): readonly OrderMap[] {
  const mark = marker(exploration);
  return layouts(exploration).map(({ place, rows, columns, ...titles }) => {
    const cells = rows.map(() => columns.map((): number[] => []));
    exploration.tried.forEach((tried, index) => {
      if (tried.disturbance !== undefined) return;
      for (const [row, column] of place(tried)) cells[row]?.[column]?.push(index);
    });
    return {
      ...titles,
      columns,
      rows: rows.map((label, row) => ({ label, cells: (cells[row] ?? []).map(mark) })),
    };
  });
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

/** Orders in which something was tried, the order of the containers first. */
function ordersOf(exploration: Exploration): readonly string[] {
  const rank = (order: readonly string[]): string =>
    order.map((name) => String(exploration.containers.indexOf(name)).padStart(3, "0")).join();
  const orders = new Map(plain(exploration).map(({ order }) => [nameOf(order), rank(order)]));
  return [...orders].toSorted(([, a], [, b]) => (a < b ? -1 : 1)).map(([name]) => name);
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
  const rows = ordersOf(exploration);
  const gap = ({ gapsMs }: Tried): number => gapsMs[0] ?? 0;
  const delays = exploration.containers.length < 2 ? [0] : delaysOf(exploration, gap);
  return {
    rowTitle: "order of the starts",
    columnTitle: "the second starts after the first by",
    rows,
    columns: delays.map(formatDelay),
    place: (tried) => [[rows.indexOf(nameOf(tried.order)), delays.indexOf(gap(tried))]],
  };
}

function byGaps(exploration: Exploration): readonly Layout[] {
  const first = delaysOf(exploration, ({ gapsMs }) => gapsMs[0]);
  const second = delaysOf(exploration, ({ gapsMs }) => gapsMs[1]);
  return ordersOf(exploration).map((name) => {
    const [one = "", two = "", three = ""] = name.split(" → ");
    return {
      title: name,
      rowTitle: `${two} after ${one}`,
      columnTitle: `${three} after ${two}`,
      rows: first.map(formatDelay),
      columns: second.map(formatDelay),
      place: ({ order, gapsMs: [a, b] }) =>
        nameOf(order) === name && a !== undefined && b !== undefined
          ? [[first.indexOf(a), second.indexOf(b)]]
          : [],
    };
  });
}

/** Every pair by the time between the two starts; a time between two delays of the grid counts to the lower one. */
function byPairs(exploration: Exploration): Layout {
  const { containers } = exploration;
  const pairs = containers.flatMap((one) =>
    containers.filter((other) => other !== one).map((other) => [one, other] as const),
  );
  const delays = delaysOf(exploration, () => undefined);
  return {
    rowTitle: "which starts before which",
    columnTitle: "by at least",
    rows: pairs.map((pair) => nameOf(pair)),
    columns: delays.map(formatDelay),
    place: (tried) =>
      pairs.flatMap(([one, other], row) => {
        const between = timeBetween(tried, one, other);
        const column = between === undefined ? -1 : delays.findLastIndex((ms) => ms <= between);
        return column < 0 ? [] : [[row, column] as const];
      }),
  };
}

/** `undefined`: the other one starts first. */
function timeBetween({ order, gapsMs }: Tried, one: string, other: string): number | undefined {
  const from = order.indexOf(one);
  const to = order.indexOf(other);
  if (from < 0 || to < from) return undefined;
  return gapsMs.slice(from, to).reduce((sum, gap) => sum + gap, 0);
}
