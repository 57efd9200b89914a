import { SitecarError } from "../errors/index.ts";
import { ScheduleValue } from "./schedule-value.ts";
import type { ScheduleInput } from "./schedule.ts";

/**
 * A schedule from JSON text, in any of the forms of {@link ScheduleInput}. Its names and values are checked by
 * `resolveSchedule`, which knows the site.
 * @param source where the text is from, for messages: a file's name.
 * @throws {SitecarError} SCHEDULE_INVALID for text that is no JSON, or JSON that is no schedule.
 */
export function parseSchedule(text: string, source: string): ScheduleInput {
  const parsed = parseJson(text, source);
  if (typeof parsed === "object" && parsed !== null && "sitecar" in parsed && "schedule" in parsed) {
    throw new SitecarError("SCHEDULE_INVALID", {
      message: `${source} is a saved trial: a schedule with the site's files and what else makes its run the same again.`,
      remedy:
        'run it by `sitecar replay`, or write what stands under its key "schedule" into a file of its own.',
    });
  }
  if (isScheduleInput(parsed)) return parsed;
  throw new ScheduleValue(parsed, "").invalid(
    'write an order ["dapr","main"], times {"dapr":12000,"main":"never"}, or {"starts":…,"steps":[…]}.',
  );
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SitecarError("SCHEDULE_INVALID", {
      message: `${source} is not valid JSON.`,
      observations: [{ label: "parser", value: error instanceof Error ? error.message : String(error) }],
      remedy: "correct the JSON there; comments and trailing commas are none.",
      cause: error,
    });
  }
}

/** Of what form it is; whether it is a good one is for those who know the site. */
function isScheduleInput(parsed: unknown): parsed is ScheduleInput {
  if (Array.isArray(parsed)) return parsed.every((name) => typeof name === "string");
  return typeof parsed === "object" && parsed !== null;
}
