import type { Verdict } from "../contracts/contract.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** What `sitecar replay` takes: a schedule with everything that makes its run the same again. Written as JSON. */
export interface ScheduleFile {
  readonly sitecar: "schedule/1";
  /** The site's files as given to the command that wrote it, relative to the working directory there. */
  readonly inputs: readonly string[];
  /** Also `--set`, `--container` and the like, as they were given. */
  readonly inputOptions?: Readonly<Record<string, unknown>>;
  /** Cron bindings are shortened to this, as the exploration had them. Absent: as deployed. */
  readonly tickEvery?: string;
  readonly seed?: number;
  readonly schedule: Schedule;
  /** What it was saved for. */
  readonly expected?: { readonly verdict: Verdict; readonly contract?: string; readonly symptom?: string };
}
