import type { Advanced, AdvanceOptions, SiteClock, VirtualTick } from "../../site/site-clock.ts";
import { formatTable } from "../table.ts";
import type { ClockShown, ClockWish, TickLine } from "./clock-wish.ts";

/** Does what was wished, and says what the clock shows then. @throws {SitecarError} as `SiteClock`. */
export async function describeClock(
  clock: SiteClock,
  wish: ClockWish,
  signal: AbortSignal,
): Promise<ClockShown> {
  const step = wish.do === "show" ? undefined : await take(clock, wish, signal);
  const next = await clock.nextTick();
  return {
    time: "virtual",
    ...(step === undefined ? {} : { from: step.from.toISOString() }),
    now: clock.now().toISOString(),
    next: next === undefined ? null : { due: next.due.toISOString(), component: next.component },
    ticks: (step?.ticks ?? []).map(tickLine),
  };
}

async function take(
  clock: SiteClock,
  wish: Exclude<ClockWish, { readonly do: "show" }>,
  signal: AbortSignal,
): Promise<Advanced> {
  const options: AdvanceOptions = {
    await: wish.await,
    signal,
    ...(wish.mostTicks === undefined ? {} : { mostTicks: wish.mostTicks }),
  };
  if (wish.do === "advance") return await clock.advance(wish.span, options);
  if (wish.do === "advance-to") return await clock.advanceTo(wish.time, options);
  const next = await clock.nextTick();
  return await clock.advanceTo(next === undefined ? clock.now() : next.due, options);
}

export function tickLine({ due, ...tick }: VirtualTick): TickLine {
  return { due: due.toISOString(), ...tick };
}

/** Of each tick a line; where they come from only where there are several places. */
export function formatVirtualTicks(ticks: readonly TickLine[]): string {
  const several = new Set(ticks.map(({ instance, container }) => `${instance} ${container}`)).size > 1;
  return formatTable([
    ["virtual time", ...(several ? ["instance", "sidecar"] : []), "binding", "answer", "ms", ""],
    ...ticks.map(({ due, instance, container, component, outcome, latencyMs, detail }) => [
      due,
      ...(several ? [instance, container] : []),
      component,
      outcome,
      Math.round(latencyMs),
      (detail ?? "").trim(),
    ]),
  ]);
}

/** Each tick was answered with success, as far as that was waited for. */
export function allWell(ticks: readonly Pick<TickLine, "outcome">[]): boolean {
  return ticks.every(({ outcome }) => outcome === "succeeded" || outcome === "started");
}
