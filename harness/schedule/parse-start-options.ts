import { SitecarError } from "../errors/index.ts";
import { parseDuration } from "../shared/duration.ts";
import type { ScheduleInput } from "./schedule.ts";

/**
 * Start options of the command line as a schedule: `["dapr=12s", "main=never"]` → `{ dapr: 12000, main: "never" }`.
 * `undefined` when there are none. Names are checked by `resolveSchedule`.
 * @throws {SitecarError} USAGE for an option of another form, SCHEDULE_INVALID for a container given twice.
 */
export function parseStartOptions(options: readonly string[]): ScheduleInput | undefined {
  if (options.length === 0) return undefined;
  const times = new Map<string, number | "never">();
  for (const option of options) {
    const { container, time } = parseOption(option);
    if (times.has(container)) {
      throw new SitecarError("SCHEDULE_INVALID", {
        message: `the start of "${container}" is given twice.`,
        observations: [{ label: "given", value: options.join(" ") }],
        remedy: "give each container one start.",
      });
    }
    times.set(container, time);
  }
  return Object.fromEntries(times);
}

function parseOption(option: string): { readonly container: string; readonly time: number | "never" } {
  const separator = option.indexOf("=");
  const container = option.slice(0, Math.max(0, separator)).trim();
  const written = option.slice(separator + 1).trim();
  const time = written === "never" ? written : parseDuration(written);
  if (container === "" || time === undefined) {
    throw new SitecarError("USAGE", {
      message: `${JSON.stringify(option)} is no start option.`,
      remedy: 'write <container>=<time>, the time as 800ms, 12s, 2m or never: for example "dapr=12s".',
    });
  }
  return { container, time };
}
