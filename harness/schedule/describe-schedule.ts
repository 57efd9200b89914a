import type { ScheduledStart, Schedule } from "./schedule.ts";
import type { Cue, ContainerAction, FaultData, Moment, ScheduledStep } from "./step.ts";

export interface DescribeScheduleOptions {
  /** In words that the fault's kind has for it; default: its data. */
  readonly describeFault?: (fault: FaultData) => string;
}

/** For a person: `storage 0 · dapr +2.0 s · main +4.0 s; dapr killed at the 2nd tick`. */
export function describeSchedule(schedule: Schedule, options: DescribeScheduleOptions = {}): string {
  const starts = schedule.starts.map(describeStart).join(" · ");
  return [starts, ...(schedule.steps ?? []).map((step) => describeStep(step, options))].join("; ");
}

/** For a person: `dapr killed at the 2nd tick`. */
export function describeStep(
  step: ScheduledStep,
  { describeFault = describeData }: DescribeScheduleOptions = {},
): string {
  const at = describeMoment(step.when);
  const where = (step.worker ?? 0) === 0 ? "" : ` of worker ${step.worker}`;
  if ("inject" in step) {
    const until = step.until === undefined ? "" : ` until ${describeMoment(step.until)}`;
    return `${describeFault(step.inject)}${where} from ${at}${until}`;
  }
  const moment = "atMs" in step.when || (step.when.plusMs ?? 0) === 0 ? `at ${at}` : at;
  if (step.do === "stop-site") return `the site stopped ${moment}`;
  const how = step.signal === undefined ? "" : ` by ${step.signal}`;
  return `${step.container}${where} ${DONE[step.do]}${how} ${moment}`;
}

/** `+2.0 s`, `the 2nd tick of batch`, `500 ms after the 2nd tick`. */
export function describeMoment(moment: Moment): string {
  if ("atMs" in moment) return describeTime(moment.atMs);
  const { after, plusMs = 0 } = moment;
  return plusMs === 0 ? describeCue(after) : `${plusMs} ms after ${describeCue(after)}`;
}

/** `killed`, after `is` or a container's name. */
export const DONE: Readonly<Record<ContainerAction, string>> = {
  start: "started",
  kill: "killed",
  pause: "paused",
  resume: "resumed",
  restart: "restarted",
  stop: "stopped",
};

function describeStart({ container, atMs }: ScheduledStart): string {
  return `${container} ${atMs === null ? "by hand" : describeTime(atMs)}`;
}

/** Whole tenths of a second with one digit, other times with as many as they have. */
function describeTime(ms: number): string {
  if (ms === 0) return "0";
  const seconds = ms % 100 === 0 ? (ms / 1000).toFixed(1) : String(ms / 1000);
  return `+${seconds} s`;
}

function describeCue(cue: Cue): string {
  if (cue.seen === "site-ready") return "the site's being ready";
  return `the ${ordinal(cue.count ?? 1)} ${describeSeen(cue)}`;
}

function describeSeen(cue: Exclude<Cue, { readonly seen: "site-ready" }>): string {
  switch (cue.seen) {
    case "container-started":
      return `start of ${cue.container}`;
    case "container-exited":
      return `end of ${cue.container}`;
    case "port-opened":
      return `opening of port ${cue.port}`;
    case "app-found":
      return `finding of the app${cue.container === undefined ? "" : ` by ${cue.container}`}`;
    case "component-loaded":
      return `loading of ${cue.component}`;
    case "tick": {
      const outcome = cue.success === undefined ? "" : cue.success ? "successful " : "failed ";
      const of = cue.component === undefined ? "" : ` of ${cue.component}`;
      return `${outcome}tick${of}${cue.ready === true ? " of the ready site" : ""}`;
    }
    case "blob-created":
      return "blob";
    case "site-started":
      return "start of the site";
    default:
      cue satisfies never;
      return "";
  }
}

function ordinal(count: number): string {
  if (count === 1) return "first";
  const ending = /1[1-3]$/.test(String(count)) ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[count % 10] ?? "th");
  return `${count}${ending}`;
}

/** A fault by its data alone: `storage-status status=503`. */
export function describeData({ fault, ...attributes }: FaultData): string {
  return [fault, ...Object.entries(attributes).map(([name, value]) => `${name}=${value}`)].join(" ");
}
