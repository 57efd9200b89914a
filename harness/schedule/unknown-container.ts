import { SitecarError } from "../errors/index.ts";
import { didYouMean } from "../shared/nearest.ts";
import { STORAGE } from "./schedule.ts";

/** @param path where the schedule names it; absent: among the starts. */
export function unknownContainer(container: string, known: readonly string[], path?: string): SitecarError {
  const noStorage = container === STORAGE ? " The site has no storage account." : "";
  return new SitecarError("SCHEDULE_UNKNOWN_CONTAINER", {
    message: `the start schedule names ${JSON.stringify(container)}${path === undefined ? "" : ` (${path})`}, which the site has not.${noStorage || didYouMean(container, known)}`,
    observations: [{ label: "known", value: known.join(", ") }],
    remedy:
      'use the names of the site\'s containers, and "storage" for the storage emulator if the site has one.',
  });
}
