import type { Threshold } from "../exploration.ts";
import { markup, type Markup } from "./markup.ts";
import { formatSide } from "./words.ts";

const WIDTH = 440;
const LINE_Y = 30;

/** A line of time: green as far as it holds, red from where it breaks, open between the two. */
export function thresholdScale(threshold: Threshold): Markup {
  const { what, holdsMs, breaksMs, several } = threshold;
  const most = Math.max(holdsMs, breaksMs, 1) * 1.35;
  const x = (ms: number): number => Number(((WIDTH * ms) / most).toFixed(1));
  const breaksAbove = breaksMs >= holdsMs;
  const [held, broken] = breaksAbove
    ? [segment(0, x(holdsMs)), segment(x(breaksMs), WIDTH)]
    : [segment(x(holdsMs), WIDTH), segment(0, x(breaksMs))];
  return markup`<figure class="threshold">
    <figcaption>${what}${several === true && markup` <span class="source">not the only threshold</span>`}</figcaption>
    <svg
      viewBox="0 0 ${WIDTH} 60"
      role="img"
      aria-label="${what}: ${formatSide(holdsMs, threshold)} holds, ${formatSide(breaksMs, threshold)} breaks"
    >
      <path class="open" d="${segment(0, WIDTH)}" />
      <path class="held" d="${held}" />
      <path class="broken" d="${broken}" />
      ${mark(x(holdsMs), { className: "held", text: `${formatSide(holdsMs, threshold)} holds`, above: true })}
      ${mark(x(breaksMs), { className: "broken", text: `${formatSide(breaksMs, threshold)} breaks`, above: false })}
    </svg>
  </figure> `;
}

function segment(from: number, to: number): string {
  return `M${from} ${LINE_Y}H${to}`;
}

/** One label stands above the line and the other below it, so they never meet, however near the values are. */
function mark(
  at: number,
  { className, text, above }: { readonly className: string; readonly text: string; readonly above: boolean },
): Markup {
  const anchor = at < WIDTH / 3 ? "start" : at > (2 * WIDTH) / 3 ? "end" : "middle";
  return markup`<path class="end ${className}" d="M${at} ${LINE_Y - 8}V${LINE_Y + 8}" /><text
      class="${className}"
      x="${at}"
      y="${above ? LINE_Y - 14 : LINE_Y + 24}"
      text-anchor="${anchor}"
      >${text}</text
    >`;
}
