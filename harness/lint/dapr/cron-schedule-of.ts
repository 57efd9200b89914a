import { parseCronSchedule, type CronFault, type CronSchedule } from "../../dapr/cron-schedule.ts";
import type { LintContext } from "../rule.ts";
import { componentsOf, entryOf, type ComponentView, type MetadataEntry } from "./component-view.ts";
import { isFilledLater } from "./placeholders.ts";

/** A cron binding whose schedule stands in the file. */
export interface WrittenSchedule {
  readonly component: ComponentView;
  readonly entry: MetadataEntry;
  readonly text: string;
  readonly schedule: CronSchedule | CronFault;
}

export function* schedulesOf(context: LintContext): Iterable<WrittenSchedule> {
  for (const component of componentsOf(context)) {
    if (component.known?.type !== "bindings.cron") continue;
    const entry = entryOf(component, "schedule");
    const text = entry?.value;
    if (entry === undefined || text === undefined || isFilledLater(text)) continue;
    yield { component, entry, text, schedule: parseCronSchedule(text) };
  }
}
