import { SitecarError } from "../errors/index.ts";

/** Nothing of a run's wire was looked at. */
export function notTapped(run: string, remedy: string): SitecarError {
  return new SitecarError("NOT_TAPPED", {
    message: `nothing was seen of the wire in the run ${run}: it was started without the tap.`,
    remedy,
  });
}
