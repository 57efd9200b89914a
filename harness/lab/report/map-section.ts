import type { Exploration } from "../exploration.ts";
import { CELL_STATES, orderMaps, type CellState, type MapCell, type OrderMap } from "../order-map.ts";
import { markup, type Markup } from "./markup.ts";
import { counted } from "./words.ts";

const CELL = 26;
const CHARACTER = 6.7;
const HEADING = 24;
const GAP = 8;

/** How a cell's state is told to who sees no colours. */
export const STATES: Readonly<Record<CellState, string>> = {
  held: "held",
  everywhere: "breaks only what every schedule breaks",
  mixed: "some held, some broken",
  broken: "broken",
  unknown: "unknown",
  empty: "not tried",
};

/** The whole map: each table of it as a drawing, and the panel that tells of the cell which is looked at. */
export function mapSection(exploration: Exploration): Markup {
  const maps = orderMaps(exploration);
  return markup`<section id="map" aria-labelledby="map-title">
    <h2 id="map-title">Orders and delays</h2>
    ${legend(maps)}
    <div class="maps">${maps.map((map) => drawing(map, exploration))}</div>
    <div class="detail" id="detail" aria-live="polite" hidden></div>
  </section> `;
}

/** What stands in the cells, only as far as it does. */
function legend(maps: readonly OrderMap[]): Markup {
  const cells = maps.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  const states = CELL_STATES.filter((state) => cells.some((cell) => cell.state === state));
  return markup`<ul class="legend">
    ${states.map((state) => {
      const letters =
        state === "broken" || state === "mixed"
          ? state === "broken"
            ? "A"
            : "a"
          : (cells.find((cell) => cell.state === state)?.mark ?? "");
      return markup`<li>
        <svg class="map" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
          ${square({ state, mark: letters, trials: [] }, 1, 1)}
        </svg>
        ${STATES[state]}
      </li>`;
    })}
    <li class="hint">A letter is the class that breaks here, a small one where not all do.</li>
  </ul> `;
}

function drawing(map: OrderMap, { tried }: Exploration): Markup {
  const { title, rows, columns, rowTitle, columnTitle } = map;
  const left = Math.ceil(Math.max(...rows.map(({ label }) => label.length), 4) * CHARACTER) + GAP;
  // Delays such as "30.7 s" need more room than a cell: written upright.
  const upright = columns.some((label) => label.length * CHARACTER > CELL);
  const top =
    HEADING + (upright ? Math.ceil(Math.max(...columns.map((label) => label.length)) * CHARACTER) : 14) + GAP;
  // The titles stand over the cells, and may need more room than they.
  const width =
    Math.max(
      left + columns.length * CELL,
      left + Math.ceil((columnTitle.length + 2) * CHARACTER),
      Math.ceil((rowTitle.length + 2) * CHARACTER),
    ) + 2;
  const height = top + rows.length * CELL + 2;
  return markup`<figure class="map-figure">
    <figcaption>${title ?? "all orders"}</figcaption>
    <div class="scroll">
      <svg
        class="map"
        viewBox="0 0 ${width} ${height + 18}"
        width="${width}"
        height="${height + 18}"
        role="group"
        aria-label="${title ?? "orders by delay"}: rows ${rowTitle}, columns ${columnTitle}"
      >
        <text class="axis" x="${left}" y="12">${columnTitle} →</text>
        ${columns.map((label, column) => columnLabel(label, left + column * CELL + CELL / 2, top - GAP, upright))}
        ${rows.map(
          ({ label, cells }, row) =>
            markup`<text class="axis" x="${left - GAP}" y="${top + row * CELL + CELL / 2 + 4}" text-anchor="end"
                >${label}</text
              >
              ${cells.map((cell, column) => linked(cell, { x: left + column * CELL, y: top + row * CELL, row: label, column: columns[column] ?? "", map, tried }))}`,
        )}
        <text class="axis" x="0" y="${height + 14}">↑ ${rowTitle}</text>
      </svg>
    </div>
  </figure> `;
}

function columnLabel(label: string, x: number, y: number, upright: boolean): Markup {
  return upright
    ? markup`<text class="axis" transform="translate(${x + 4} ${y}) rotate(-90)">${label}</text> `
    : markup`<text class="axis" x="${x}" y="${y}" text-anchor="middle">${label}</text> `;
}

interface CellPlace {
  readonly x: number;
  readonly y: number;
  readonly row: string;
  readonly column: string;
  readonly map: OrderMap;
  readonly tried: Exploration["tried"];
}

/** A cell leads to its trial in the list below, also without the page's script. */
function linked(cell: MapCell, { x, y, row, column, map, tried }: CellPlace): Markup {
  const [first] = cell.trials;
  if (first === undefined) return square(cell, x, y);
  const name = `${map.title === undefined ? "" : `${map.title}: `}${map.rowTitle} ${row}, ${map.columnTitle} ${column}: ${summary(cell, tried)}`;
  return markup`<a
    href="#trial-${first + 1}"
    class="cell"
    data-trials="${cell.trials.map((index) => index + 1).join(" ")}"
    data-name="${name}"
    aria-label="${name}"
    ><title>${name}</title>${square(cell, x, y)}</a
  > `;
}

function summary({ state, mark, trials }: MapCell, tried: Exploration["tried"]): string {
  const letter = /^[A-Z]+$/i.test(mark) && state !== "everywhere" ? ` ${mark.toUpperCase()}` : "";
  if (trials.length <= 1) return `${STATES[state]}${letter}`;
  const verdicts = trials.flatMap((index) => tried[index]?.verdict ?? []);
  const parts = (["held", "broken", "unknown"] as const)
    .map((verdict) => ({ verdict, count: verdicts.filter((one) => one === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`);
  return `${counted(trials.length, "trial")}: ${parts.join(", ")}${letter}`;
}

/** The colour, a pattern over it, and a mark: each alone tells the states apart. */
export function square({ state, mark }: MapCell, x: number, y: number): Markup {
  const size = CELL - 3;
  const pattern =
    state === "mixed" || state === "unknown" || state === "everywhere"
      ? markup`<rect
          class="pattern ${state}"
          x="${x}"
          y="${y}"
          width="${size}"
          height="${size}"
          rx="3"
          fill="url(#pattern-${state})"
        />`
      : undefined;
  return markup`<rect
      class="cell ${state}"
      x="${x}"
      y="${y}"
      width="${size}"
      height="${size}"
      rx="3"
    />${pattern}${mark !== "" && markup`<text class="mark ${state}" x="${x + size / 2}" y="${y + size / 2 + 4.5}" text-anchor="middle">${mark}</text>`}`;
}

/** Patterns that the cells refer to; once in the page. */
export function patterns(): Markup {
  return markup`<svg width="0" height="0" class="definitions" aria-hidden="true">
    <defs>${lines("mixed", 45, 2)}${lines("unknown", 90, 1.5)}${lines("everywhere", 135, 1)}</defs>
  </svg> `;
}

function lines(name: CellState, angle: number, width: number): Markup {
  return markup`<pattern
    id="pattern-${name}"
    width="6"
    height="6"
    patternUnits="userSpaceOnUse"
    patternTransform="rotate(${angle})"
  >
    <path class="pattern-line" d="M0 0V6" stroke-width="${width}" />
  </pattern>`;
}
