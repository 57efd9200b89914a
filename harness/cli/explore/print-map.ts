import { styleText } from "node:util";
import type { Exploration } from "../../lab/exploration.ts";
import {
  CELL_STATES,
  MARKS,
  orderMaps,
  type CellState,
  type MapCell,
  type OrderMap,
} from "../../lab/order-map.ts";
import { STATES } from "../../lab/report/map-section.ts";
import { printable } from "./wrap.ts";

const COLOURS: Readonly<Record<CellState, Parameters<typeof styleText>[0]>> = {
  held: "green",
  everywhere: "dim",
  mixed: "yellow",
  broken: ["red", "bold"],
  unknown: "yellow",
  empty: "dim",
};

/** Between two tables that stand side by side. */
const BETWEEN = 4;
/** Of one name; two of them and an arrow make the longest label. */
const MOST_NAME = 15;

/** The tables of orders and delays, as many side by side as the width bears, and what their marks mean. */
export function formatMap(exploration: Exploration, width: number): string {
  const maps = orderMaps(exploration).flatMap((map) => fitted(map, width));
  const blocks = maps.map(block);
  const across = Math.max(1, Math.floor((width + BETWEEN) / (Math.max(0, ...blocks.map(widthOf)) + BETWEEN)));
  const rows = Array.from({ length: Math.ceil(blocks.length / across) }, (_, row) =>
    beside(blocks.slice(row * across, (row + 1) * across)),
  );
  const states = maps.flatMap(({ rows: all }) => all.flatMap(({ cells }) => cells.map(({ state }) => state)));
  return [...rows, legend(new Set(states))].join("\n\n");
}

/** A line of a table, with how wide it is without its colours. */
interface Line {
  readonly text: string;
  readonly width: number;
}

type Block = readonly Line[];

function block({ title, rowTitle, columnTitle, rows, columns }: OrderMap): Block {
  const labels = rows.map(({ label }) => shortened(printable(label)));
  const left = Math.max(4, ...labels.map(({ length }) => length));
  const cell = cellWidth(columns);
  const head = columns.map((label) => label.padStart(cell)).join("");
  return [
    ...(title === undefined ? [] : [line(printable(title), "bold")]),
    line(`${" ".repeat(left)} ${printable(columnTitle)} →`, "dim"),
    line(`${" ".repeat(left)}${head}`, "dim"),
    ...rows.map(({ cells }, row) => {
      const label = (labels[row] ?? "").padStart(left);
      return {
        text: `${label}${cells.map((one) => " ".repeat(cell - one.mark.length) + styled(one)).join("")}`,
        width: left + cells.length * cell,
      };
    }),
    line(`↑ ${printable(rowTitle)}`, "dim"),
  ];
}

function styled({ state, mark }: MapCell): string {
  return mark === "" ? "" : styleText(COLOURS[state], mark);
}

function line(text: string, style: "bold" | "dim"): Line {
  return { text: styleText(style, text), width: text.length };
}

function widthOf(lines: Block): number {
  return Math.max(0, ...lines.map(({ width }) => width));
}

/** One more than the widest heading. */
function cellWidth(columns: readonly string[]): number {
  return Math.max(3, ...columns.map(({ length }) => length)) + 1;
}

/** A table that is too wide is told in several, each with a part of the columns. */
function fitted(map: OrderMap, width: number): readonly OrderMap[] {
  const columns = map.columns.map(compact);
  const left = Math.max(4, ...map.rows.map(({ label }) => shortened(label).length));
  const most = Math.max(1, Math.floor((width - left) / cellWidth(columns)));
  return Array.from({ length: Math.ceil(columns.length / most) }, (_, part) => ({
    ...map,
    columns: columns.slice(part * most, (part + 1) * most),
    rows: map.rows.map(({ label, cells }) => ({
      label: compact(label),
      cells: cells.slice(part * most, (part + 1) * most),
    })),
  }));
}

/** `500 ms` as `0.5s`, `12 s` as `12s`: a column is as wide as its heading. */
function compact(label: string): string {
  const ms = /^(\d+) ms$/.exec(label)?.[1];
  if (ms !== undefined) return `${Number(ms) / 1000}s`;
  return label.replace(/^([\d.]+) s$/, "$1s");
}

function shortened(label: string): string {
  return label
    .split(" → ")
    .map((name) => (name.length > MOST_NAME ? `${name.slice(0, MOST_NAME - 1)}…` : name))
    .join(" → ");
}

function beside(blocks: readonly Block[]): string {
  const height = Math.max(0, ...blocks.map(({ length }) => length));
  const width = Math.max(0, ...blocks.map(widthOf)) + BETWEEN;
  return Array.from({ length: height }, (_, row) =>
    blocks
      .map((lines) => {
        const one = lines[row];
        return one === undefined ? " ".repeat(width) : one.text + " ".repeat(width - one.width);
      })
      .join("")
      .trimEnd(),
  ).join("\n");
}

function legend(states: ReadonlySet<CellState>): string {
  const told = CELL_STATES.filter((state) => states.has(state) && state !== "empty");
  return told
    .map((state) => {
      const mark = state === "broken" ? "A" : state === "mixed" ? "a" : MARKS[state];
      return `${styleText(COLOURS[state], mark)} ${STATES[state]}`;
    })
    .join("   ");
}
