import { readFile } from "node:fs/promises";
import path from "node:path";
import { SitecarError } from "../errors/index.ts";
import type { TimelineEvent } from "./events.ts";

/**
 * What happened in a run, from its folder; of one that goes on, or that died, the complete lines.
 * @throws {SitecarError} RUN_UNREADABLE.
 */
export async function readEvents(runDirectory: string): Promise<readonly TimelineEvent[]> {
  const file = path.join(runDirectory, "timeline.jsonl");
  try {
    const text = await readFile(file, "utf8");
    return text
      .split("\n")
      .slice(0, -1)
      .map((line): TimelineEvent => JSON.parse(line));
  } catch (cause) {
    throw new SitecarError("RUN_UNREADABLE", {
      message: `the run in ${runDirectory} has no timeline that can be read.`,
      observations: [
        { label: path.basename(file), value: cause instanceof Error ? cause.message : String(cause) },
      ],
      remedy: "name the folder of a run; one that an older sitecar made has to be run again.",
      cause,
    });
  }
}
