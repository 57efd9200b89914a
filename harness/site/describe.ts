import type { Observation } from "../errors/index.ts";
import type { OutputLine } from "../runtime/container-output.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { SiteContainer } from "./site-container.ts";

/** What every error about a site's life shows: the probes, each container's state, and its last lines. */
export function describeSite(
  timeline: Timeline,
  containers: Iterable<SiteContainer>,
  mainContainer: string,
): readonly Observation[] {
  const all = [...containers];
  return [
    { label: "last probe", value: describeWarmUp(timeline, mainContainer) },
    { label: "containers", value: all.map((container) => describeState(timeline, container)).join("; ") },
    ...describeMemory(timeline),
    ...describeIdentity(timeline),
    {
      label: "last lines",
      value: all.flatMap((container) => describeLines(container.name, container.lastLines(200))).join("\n"),
    },
  ];
}

/** `dapr exited (1) at +5.3 s`, `main running since +1.2 s`, `main never started`. */
export function describeState(timeline: Timeline, container: SiteContainer): string {
  const started = timeline.of("container.started").findLast((event) => event.container === container.name);
  if (started === undefined) return `${container.name} never started`;
  const exited = container.exits().at(-1);
  if (container.state === "exited" && exited !== undefined) {
    const memory = exited.outOfMemory ? ", out of memory" : "";
    return `${container.name} exited (${exited.exitCode}${memory}) at ${at(exited.tMs)}`;
  }
  return `${container.name} ${container.state} since ${at(started.tMs)}`;
}

function at(tMs: number): string {
  return `+${(tMs / 1000).toFixed(1)} s`;
}

function describeWarmUp(timeline: Timeline, mainContainer: string): string {
  const last = timeline
    .of("probe.changed")
    .findLast(({ probe, container }) => probe === "warm-up" && container === mainContainer);
  if (last === undefined) return "none was made";
  return last.status === null ? last.detail : `HTTP ${last.status}`;
}

/** Also of processes that their container outlived: a worker that is gone is why main does not answer. */
function describeMemory(timeline: Timeline): readonly Observation[] {
  const killed = timeline.of("container.out-of-memory").slice(-3);
  if (killed.length === 0) return [];
  const texts = killed.map(
    ({ container, process, limit, tMs }) =>
      `${container}: ${process} killed at ${at(tMs)}, the ${limit}'s memory ran out`,
  );
  return [{ label: "out of memory", value: texts.join("\n") }];
}

function describeIdentity(timeline: Timeline): readonly Observation[] {
  const refused = timeline.of("identity.requested").findLast(({ status }) => status !== 200);
  if (refused === undefined) return [];
  return [{ label: "identity", value: `${refused.path} was answered ${refused.status}` }];
}

/** Of a stack trace only the error itself is told: its frames would push it out of the last lines. */
const STACK_FRAME = /^\s+at \S/;

/**
 * The last three lines, repeats folded; and when a line before them says `fatal` (daprd's word for why it ends), that
 * one first.
 */
export function describeLines(container: string, lines: readonly OutputLine[]): readonly string[] {
  const texts = lines
    .map(({ text }) => readable(text))
    .filter((text) => text.trim() !== "" && !STACK_FRAME.test(text));
  const fatal = texts.findLast((text) => /^fatal: /i.test(text));
  const last = fold(texts).slice(-3);
  const shown = fatal === undefined || last.includes(fatal) ? last : [fatal, ...last];
  return shown.length === 0 ? [`${container} | (no output)`] : shown.map((text) => `${container} | ${text}`);
}

function fold(texts: readonly string[]): readonly string[] {
  const folded: { text: string; times: number }[] = [];
  for (const text of texts) {
    const previous = folded.at(-1);
    if (previous?.text === text) previous.times++;
    else folded.push({ text, times: 1 });
  }
  return folded.map(({ text, times }) => (times === 1 ? text : `${text} (${times} ×)`));
}

/** daprd logs JSON; its level and message are what a person reads. Any other line stays as it is. */
function readable(text: string): string {
  if (!text.startsWith("{")) return text;
  try {
    const line: { readonly level?: unknown; readonly msg?: unknown } = JSON.parse(text);
    return typeof line.level === "string" && typeof line.msg === "string"
      ? `${line.level}: ${line.msg}`
      : text;
  } catch {
    return text;
  }
}
