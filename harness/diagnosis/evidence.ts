import type { TimelineEvent } from "../timeline/events.ts";
import type { Evidence } from "./diagnosis.ts";
import type { LogLine } from "./log-line.ts";

/** A quote is a line or two; what is left out of a longer one is marked. */
const LONGEST_QUOTE = 400;

/** Stamps that every event has, and that say nothing in a quote. */
const STAMPS = new Set(["seq", "tMs", "wall", "type", "instance"]);

export function fromEvent(event: TimelineEvent): Evidence {
  return { source: "timeline", tMs: event.tMs, quote: quoteEvent(event) };
}

export function fromLine({ line, message, level }: LogLine): Evidence {
  const quote = level === undefined ? message : `${level}: ${message}`;
  return { source: `log of ${line.container}`, tMs: line.tMs, quote: shorten(quote) };
}

/** `container.exited: container=dapr, exitCode=1, …`: the event's own words. */
export function quoteEvent(event: TimelineEvent): string {
  const fields = Object.entries(event)
    .filter(([name, value]) => !STAMPS.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return shorten(fields.length === 0 ? event.type : `${event.type}: ${fields.join(", ")}`);
}

function shorten(text: string): string {
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`;
}

/** `5.2 s`, for a sentence. */
export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
