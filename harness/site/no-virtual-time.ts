import { SitecarError } from "../errors/index.ts";
import type { SiteClock } from "./site-clock.ts";

/** {@link SiteClock} of a run whose cron goes by this machine's clock. */
export const NO_VIRTUAL_TIME: SiteClock = {
  now: () => {
    throw off();
  },
  nextTick: () => Promise.reject(off()),
  advance: () => Promise.reject(off()),
  advanceTo: () => Promise.reject(off()),
};

function off(): SitecarError {
  return new SitecarError("VIRTUAL_TIME_OFF", {
    message: "this run has no virtual time: its cron goes by this machine's clock.",
    remedy:
      "start the site with virtual time: `startSite(site, { virtualTime: {} })`, `sitecar up --virtual-time`.",
  });
}
