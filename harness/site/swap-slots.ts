import { SitecarError } from "../errors/index.ts";
import { settingsInSlot } from "../plan/swap-settings.ts";
import { platformMs } from "../platform/platform-clock.ts";
import { warmUp } from "../platform/warm-up.ts";
import { Deadline } from "../shared/clock.ts";
import type { RunningInstance } from "./running-instance.ts";
import type { RunningSite } from "./running-site.ts";
import { SiteRun } from "./site-run.ts";

export interface SwapSlotsOptions {
  /** The slot that the new version is in, for example staging. */
  readonly source: RunningSite;
  /** The slot that is to have it, for example production. */
  readonly target: RunningSite;
}

/**
 * Swaps two slots as the platform does (A7.2): the target's sticky settings are applied to the source, which restarts; each
 * of its instances is warmed by `WEBSITE_SWAP_WARMUP_PING_PATH`; then routing switches, so that `target.url` leads to what was
 * the source's and back. What was in the target gets the source's sticky settings last.
 *
 * Afterwards each site's instances and definition are the other's; their containers stay in the runs in which they were made, so
 * dispose of both sites together. The target serves without a break; a failure before the switch leaves routing as it was.
 * @throws {SitecarError} SWAP_FAILED when a warm-up of the source does not succeed in its start limit; a start's failure.
 */
export async function swapSlots({ source, target }: SwapSlotsOptions): Promise<void> {
  const [from, to] = [ownRun(source), ownRun(target)];
  const [moving, staying] = [from.definition, to.definition];
  for (const site of [from, to]) {
    site.timeline.record({
      type: "phase",
      name: "slot swap",
      detail: "applies the target's sticky settings to the source",
    });
  }
  await from.update(settingsInSlot(moving, staying));
  await Promise.all(from.instances.map((instance) => warmForSwap(instance)));
  const [serving, served] = [from.serving, to.serving];
  to.serve(serving, "slot swap");
  from.serve(served, "slot swap");
  await from.update(settingsInSlot(staying, moving));
}

function ownRun(site: RunningSite): SiteRun {
  if (site instanceof SiteRun) return site;
  throw new TypeError("only sites that startSite started can be swapped");
}

async function warmForSwap({ plan, timeline, origin, signal, name }: RunningInstance): Promise<void> {
  const { settings } = plan;
  const limit = Deadline.in(platformMs(settings.startTimeLimitSeconds, settings));
  const outcome = await warmUp({
    url: origin,
    settings: {
      warmUpPath: settings.swapWarmUpPath,
      warmUpStatuses: settings.swapWarmUpStatuses,
      warmUpIntervalMs: settings.warmUpIntervalMs,
    },
    timeline,
    container: plan.mainContainer,
    probe: "swap-warm-up",
    signal: AbortSignal.any([limit.signal(), signal]),
  });
  if (outcome.warm) return;
  throw new SitecarError("SWAP_FAILED", {
    message: `instance ${name} of "${plan.site}" was not warm for the swap within ${settings.startTimeLimitSeconds} s.`,
    observations: [
      {
        label: "last probe",
        value: `GET ${settings.swapWarmUpPath} → ${outcome.status === null ? outcome.detail : `HTTP ${outcome.status}`} (${outcome.same} × the same)`,
      },
    ],
    remedy:
      "let the path of WEBSITE_SWAP_WARMUP_PING_PATH answer with one of WEBSITE_SWAP_WARMUP_PING_STATUSES; routing was not switched.",
  });
}
