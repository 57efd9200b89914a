import type { Schedule, ScheduledStart } from "../../schedule/schedule.ts";
import type { Moment, ScheduledStep } from "../../schedule/step.ts";
import { markup, type Markup } from "./markup.ts";
import { scheduleWords, startLabel, stepWords } from "./schedule-words.ts";
import { formatTime } from "./words.ts";

/** One schedule of a drawing, with what stands above it. */
export interface DrawnSchedule {
  readonly title: string;
  readonly verdict: "held" | "broken" | "unknown";
  readonly schedule: Schedule;
}

const NAME_WIDTH = 96;
const WIDTH = 444;
/** Right of the timed part: for what happens at something seen, whose time nobody knows beforehand. */
const CUE_WIDTH = 56;
const LANE = 22;
const BAR = 14;
/** Room that a start's time needs inside its bar. */
const LABEL_WIDTH = 52;
const NAME_LENGTH = 13;
/** Room that a step's number needs. */
const STEP_ROOM = 17;
/** A schedule that starts everything at once is drawn on a scale of its own. */
const LEAST_SCALE_MS = 1000;

/** Schedules under each other on one scale of time: each container's life as a bar, faults as bars of their own, steps numbered. */
export function timeBars(drawn: readonly DrawnSchedule[]): Markup {
  const lastMs = Math.max(LEAST_SCALE_MS, ...drawn.flatMap(({ schedule }) => timesOf(schedule)));
  const cues = drawn.some(({ schedule }) => momentsOf(schedule).some((moment) => !("atMs" in moment)));
  const timedEnd = WIDTH - (cues ? CUE_WIDTH : 0);
  // The last start has a bar too, so the scale ends later than it.
  const endMs = lastMs * 1.25;
  const x = (ms: number): number => NAME_WIDTH + ((timedEnd - NAME_WIDTH) * ms) / endMs;
  const scale: Scale = { x, timedEnd, cues, endMs };
  return markup`<div class="bars">${drawn.map((one) => figure(one, scale))}</div>`;
}

interface Scale {
  readonly x: (ms: number) => number;
  readonly timedEnd: number;
  readonly cues: boolean;
  readonly endMs: number;
}

interface Lane {
  readonly name: string;
  readonly fault: boolean;
  readonly shapes: readonly Markup[];
}

function figure({ title, verdict, schedule }: DrawnSchedule, scale: Scale): Markup {
  const steps = schedule.steps ?? [];
  const lanes = [
    ...schedule.starts.map((start) => containerLane(start, steps, scale)),
    ...steps.flatMap((step, index) => ("inject" in step ? [faultLane(step, index, scale)] : [])),
    ...(steps.some(isStop) ? [siteLane(steps, scale)] : []),
  ];
  const height = lanes.length * LANE + 24;
  return markup`<figure class="schedule">
    <figcaption><span class="verdict ${verdict}">${verdict}</span> ${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${scheduleWords(schedule)}">
      ${ticks(scale, lanes.length * LANE)}
      ${scale.cues && markup`<path class="later" d="M${scale.timedEnd} 0V${lanes.length * LANE}" /><text class="axis" x="${WIDTH}" y="${height - 6}" text-anchor="end">when seen</text>`}
      ${lanes.map(
        ({ name, shapes, fault }, index) =>
          markup`<g transform="translate(0 ${index * LANE})"
            ><title>${name}</title
            ><text class="${fault ? "name fault" : "name"}" x="0" y="15">${short(name)}</text>${shapes}</g
          > `,
      )}
    </svg>
    ${
      steps.length > 0 &&
      markup`<ol class="steps">
        ${steps.map((step) => markup`<li>${stepWords(step)}</li>`)}
      </ol>`
    }
  </figure> `;
}

function containerLane(
  { container, atMs }: ScheduledStart,
  steps: readonly ScheduledStep[],
  scale: Scale,
): Lane {
  const marks = steps.flatMap((step, index) =>
    "container" in step && step.container === container ? [numbered(index, step.when, scale)] : [],
  );
  if (atMs === null) {
    return {
      name: container,
      fault: false,
      shapes: [markup`<text class="time" x="${NAME_WIDTH}" y="15">by hand</text>`, ...marks],
    };
  }
  const from = scale.x(atMs);
  const inside = scale.timedEnd - from >= LABEL_WIDTH;
  return {
    name: container,
    fault: false,
    shapes: [
      markup`<rect
        class="life"
        x="${round(from)}"
        y="4"
        width="${round(WIDTH - from)}"
        height="${BAR}"
        rx="2"
      />`,
      markup`<text
        class="${inside ? "time on-bar" : "time"}"
        x="${round(inside ? from + 4 : from - 4)}"
        y="15"
        text-anchor="${inside ? "start" : "end"}"
        >${startLabel(atMs)}</text
      >`,
      ...marks,
    ],
  };
}

function faultLane(step: Extract<ScheduledStep, { inject: unknown }>, index: number, scale: Scale): Lane {
  const from = position(step.when, scale);
  const to = step.until === undefined ? WIDTH : position(step.until, scale);
  // From one thing seen to another: both stand in the same place of the drawing.
  const end = to - from < BAR ? Math.min(WIDTH, from + BAR) : to;
  return {
    name: step.inject.fault,
    fault: true,
    shapes: [
      markup`<rect
        class="fault"
        x="${round(from)}"
        y="4"
        width="${round(end - from)}"
        height="${BAR}"
        rx="2"
      />`,
      numbered(index, step.when, scale),
    ],
  };
}

function siteLane(steps: readonly ScheduledStep[], scale: Scale): Lane {
  return {
    name: "site",
    fault: false,
    shapes: steps.flatMap((step, index) => (isStop(step) ? [numbered(index, step.when, scale)] : [])),
  };
}

function isStop(step: ScheduledStep): boolean {
  return "do" in step && step.do === "stop-site";
}

function position(moment: Moment, { x, timedEnd }: Scale): number {
  return "atMs" in moment ? x(moment.atMs) : timedEnd + CUE_WIDTH / 2;
}

/** The step's number in the list below. Several at one moment stand beside each other only by their lanes. */
function numbered(index: number, when: Moment, scale: Scale): Markup {
  const beside = "atMs" in when ? 0 : ((index % 3) - 1) * STEP_ROOM;
  const at = Math.max(
    NAME_WIDTH + STEP_ROOM / 2,
    Math.min(WIDTH - STEP_ROOM / 2, position(when, scale) + beside),
  );
  return markup`<circle class="step" cx="${round(at)}" cy="11" r="7.5" /><text
      class="step"
      x="${round(at)}"
      y="14.5"
      text-anchor="middle"
      >${index + 1}</text
    >`;
}

/** Lines at round times, at most six. */
function ticks({ x, endMs }: Scale, height: number): readonly Markup[] {
  const step = [
    100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  ].find((ms) => endMs / ms <= 6);
  if (step === undefined) return [];
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step)
    .filter((ms) => ms <= endMs * 0.95)
    .map(
      (ms) =>
        markup`<path class="tick" d="M${round(x(ms))} 0V${height}" /><text
            class="axis"
            x="${round(x(ms))}"
            y="${height + 16}"
            text-anchor="middle"
            >${formatTime(ms)}</text
          > `,
    );
}

function momentsOf({ steps = [] }: Schedule): readonly Moment[] {
  return steps.flatMap((step) =>
    "until" in step && step.until !== undefined ? [step.when, step.until] : [step.when],
  );
}

function timesOf(schedule: Schedule): readonly number[] {
  const moments = momentsOf(schedule).flatMap((moment) => ("atMs" in moment ? [moment.atMs] : []));
  return [...schedule.starts.flatMap(({ atMs }) => atMs ?? []), ...moments];
}

function short(name: string): string {
  return name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
