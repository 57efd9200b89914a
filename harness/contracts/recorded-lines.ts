import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

import type { TimelineEvent } from "../timeline/events.ts";
import type { RecordedLine } from "./run-record.ts";

/** The agent's reports to the harness, of which the timeline was made; no container of the site's. */
const AGENT_LOG = "platform.";

/** Output is read a little after the engine has told of a start or an end. */
const OUTPUT_DELAY_MS = 2000;

/** The names in a run's `logs/` that containers of the site or storage wrote, with their bytes so far. */
export async function logLengths(runDirectory: string): Promise<Readonly<Record<string, number>>> {
  const directory = path.join(runDirectory, "logs");
  const names = (await readdir(directory)).filter(
    (name) => name.endsWith(".log") && !name.startsWith(AGENT_LOG),
  );
  const sizes = names.toSorted().map(async (name) => {
    const { size } = await stat(path.join(directory, name));
    return [name, size] as const;
  });
  return Object.fromEntries(await Promise.all(sizes));
}

/**
 * The lines in a run's `logs/`, in the order of their times. A worker's instances share a log: a line has an instance where
 * only one of them can have printed it.
 * @param lengths names and bytes of what is read.
 */
export async function readRecordedLines(
  runDirectory: string,
  events: readonly TimelineEvent[],
  lengths: Readonly<Record<string, number>>,
): Promise<readonly RecordedLine[]> {
  const originMs = originOf(events);
  const lives = livesOf(events);
  const lines = await Promise.all(
    Object.entries(lengths).map(async ([name, bytes]) => {
      const [container = "", worker = "0"] = name.slice(0, -".log".length).split(".");
      const own = lives.filter((life) => life.container === container && life.worker === worker);
      const content = await readFile(path.join(runDirectory, "logs", path.basename(name)));
      return content
        .subarray(0, bytes)
        .toString("utf8")
        .split("\n")
        .flatMap((line) => parseLine(line, { container, originMs, lives: own }));
    }),
  );
  return lines.flat().toSorted((one, other) => one.tMs - other.tMs);
}

interface Life {
  readonly container: string;
  readonly worker: string;
  readonly instance: string;
  readonly fromMs: number;
  untilMs: number;
}

/** From a container's creation to its end, for each instance. */
function livesOf(events: readonly TimelineEvent[]): readonly Life[] {
  const lives: Life[] = [];
  for (const event of events) {
    const { instance } = event;
    if (instance === undefined) continue;
    if (event.type === "container.created") {
      const worker = instance.split("-", 1)[0] ?? instance;
      lives.push({
        container: event.container,
        worker,
        instance,
        fromMs: event.tMs,
        untilMs: Number.POSITIVE_INFINITY,
      });
    }
    const life = lives.findLast(
      (one) => "container" in event && one.container === event.container && one.instance === instance,
    );
    if (life === undefined) continue;
    if (event.type === "container.started") life.untilMs = Number.POSITIVE_INFINITY;
    if (event.type === "container.exited") life.untilMs = event.tMs + OUTPUT_DELAY_MS;
  }
  return lives;
}

function parseLine(
  line: string,
  {
    container,
    originMs,
    lives,
  }: { readonly container: string; readonly originMs: number; readonly lives: readonly Life[] },
): readonly RecordedLine[] {
  const [, wall = "", stream, text = ""] = /^(\S+) (stdout|stderr) ([^]*)$/.exec(line) ?? [];
  if (stream !== "stdout" && stream !== "stderr") return [];
  const tMs = Date.parse(wall) - originMs;
  const possible = lives.filter(({ fromMs, untilMs }) => fromMs <= tMs && tMs <= untilMs);
  const [only, ...others] = possible.length === 0 ? lives : possible;
  return [
    {
      container,
      ...(only === undefined || others.length > 0 ? {} : { instance: only.instance }),
      stream,
      tMs,
      text,
    },
  ];
}

/** When the run began, as whole milliseconds since the epoch. */
function originOf(events: readonly TimelineEvent[]): number {
  const [first] = events;
  return first === undefined ? 0 : Math.round(Date.parse(first.wall) - first.tMs);
}
