import { styleText } from "node:util";
import { describeStep } from "../schedule/describe-schedule.ts";
import type { TimelineEvent } from "../timeline/events.ts";
import type { SiteStateDetails } from "../timeline/site-state.ts";

/** One line of a run for a person's eyes; `undefined` for what only the record needs. */
export function formatEvent(event: TimelineEvent): string | undefined {
  const text = describe(event);
  return text === undefined
    ? undefined
    : `  ${styleText("dim", `+${(event.tMs / 1000).toFixed(2).padStart(6)} s`)}  ${virtually(event)}${at(event)}${text}`;
}

function describe(event: TimelineEvent): string | undefined {
  switch (event.type) {
    case "phase":
      return event.detail === undefined ? event.name : `${event.name}: ${event.detail}`;
    case "schedule.began":
      return "schedule begins";
    case "container.started":
      return `${event.container} started${event.plannedMs === undefined ? "" : ` (planned for ${event.plannedMs} ms of the schedule)`}`;
    case "container.exited":
      return describeExit(event);
    case "container.out-of-memory":
      return styleText(
        "red",
        `${event.container} out of memory (the ${event.limit}'s): ${event.process} killed`,
      );
    case "container.paused":
      return `${event.container} paused`;
    case "container.resumed":
      return `${event.container} resumed`;
    case "port.opened":
      return `port ${event.port} open${event.container === undefined ? "" : ` (${event.container})`}`;
    case "port.closed":
      return `port ${event.port} closed${event.container === undefined ? "" : ` (${event.container})`}`;
    case "probe.changed":
      return `${event.container} ${event.probe}: ${event.status === null ? event.detail : `HTTP ${event.status}`}`;
    case "component.loaded":
      return `${event.container} loaded component ${event.component} (${event.componentType})`;
    case "component.gone":
      return `${event.container} has component ${event.component} no more`;
    case "tick":
      // In virtual time the clock's own event of the same tick is told.
      return event.virtual === undefined ? describeTick(event) : undefined;
    case "virtual.tick":
      return describeVirtualTick(event);
    case "virtual.advanced":
      return `virtual clock went on from ${event.from} to ${event.to}: ${event.ticks} ticks${event.stopped === undefined ? "" : styleText("yellow", ` (stopped: ${event.stopped})`)}`;
    case "blob.created":
      return `${styleText("green", "blob")} ${event.container}/${event.blob} (${event.size} bytes) in ${event.account}`;
    case "identity.requested":
      return `identity asked for ${event.resource || event.path}: ${event.status}`;
    case "storage.request-failed":
      return styleText("yellow", `storage ${event.what}: ${event.method} ${event.path}`);
    case "platform.state":
      return TOLD_STATES.has(event.details) ? describeState(event) : undefined;
    case "platform.log":
      return describePlatformLog(event);
    case "rotation.changed":
      return `worker ${event.worker} ${event.inRotation ? "takes" : "takes no"} requests: ${event.reason}`;
    case "front-end.trouble":
      return styleText("yellow", `front end answered for main (${event.requests} ×): ${event.detail}`);
    case "fault.injected":
      return styleText("yellow", `fault: ${event.what}`);
    case "fault.healed":
      return styleText("yellow", `healed: ${event.what}`);
    case "schedule.step-not-done":
      return styleText("yellow", `not done: ${describeStep(event.step)}: ${oneLine(event.reason)}`);
    case "tap.began":
      return "tap: the loopback is seen from here on";
    case "tap.gap":
      return styleText("yellow", `tap: ${event.gap.reason}: ${oneLine(event.gap.detail)}`);
    case "observer.failed":
      return styleText("yellow", `could not observe ${event.observer}: ${oneLine(event.detail)}`);
    case "container.created":
    case "container.signalled":
    // The contract `notPublic` tells of them together.
    case "route.probed":
    // `sitecar tap` shows them.
    case "exchange":
    case "exchange.open":
    // What it did to a container or a fault has an event of its own.
    case "schedule.step":
      return undefined;
    default:
      event satisfies never;
      return undefined;
  }
}

/** In a run with virtual time every line says so. */
function virtually({ virtual }: TimelineEvent): string {
  return virtual === undefined ? "" : `${styleText("magenta", `virtual ${virtual}`)}  `;
}

/** Which instance, where there are or were several. */
function at({ instance }: TimelineEvent): string {
  return instance === undefined || instance === "0-1" ? "" : `[${instance}] `;
}

/** One step of each state; all of them are in the record. */
const TOLD_STATES: ReadonlySet<SiteStateDetails> = new Set<SiteStateDetails>([
  "EstablishingSiteNetworks",
  "Started",
  "CancellingStartup",
  "StoppingSite",
  "Stopped",
  "Blocked",
]);

function describeState({
  state,
  lastError,
}: Extract<TimelineEvent, { readonly type: "platform.state" }>): string {
  return `platform: ${state}${lastError === undefined ? "" : ` (last error ${lastError})`}`;
}

/** What containers do is told by their own events; what the platform says of them is in the record and in `sitecar logs`. */
function describePlatformLog(
  event: Extract<TimelineEvent, { readonly type: "platform.log" }>,
): string | undefined {
  if (event.level === "ERROR") return `platform: ${styleText("red", event.line)}`;
  return event.container === undefined ? `platform: ${event.line}` : undefined;
}

function describeExit(event: Extract<TimelineEvent, { readonly type: "container.exited" }>): string {
  const text = `${event.container} exited (${event.exitCode}${event.outOfMemory ? ", out of memory" : ""})`;
  return event.asked ? text : styleText("red", text);
}

function describeTick(event: Extract<TimelineEvent, { readonly type: "tick" }>): string {
  const outcome = event.success ? styleText("green", "tick") : styleText("red", "tick failed");
  return `${outcome} ${event.component} #${event.count}, answered in ${event.latencyMs.toFixed(0)} ms`;
}

function describeVirtualTick({
  outcome,
  component,
  due,
  latencyMs,
  detail,
}: Extract<TimelineEvent, { readonly type: "virtual.tick" }>): string {
  const told = `${component} due ${due}`;
  switch (outcome) {
    case "succeeded":
      return `${styleText("green", "virtual tick")} ${told}, answered in ${latencyMs.toFixed(0)} ms`;
    case "failed":
      return `${styleText("red", "virtual tick failed")} ${told}: ${oneLine(detail ?? "daprd does not say why")}`;
    case "started":
      return `virtual tick ${told}, posted`;
    case "unanswered":
      return `${styleText("red", "virtual tick unanswered")} ${told}`;
    case "dropped":
      return `${styleText("yellow", "virtual tick dropped")} ${told}: its cron was being stopped`;
    default:
      outcome satisfies never;
      return told;
  }
}

/** An error's text in one line; all of it is in the run's record. */
function oneLine(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, " · ");
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
