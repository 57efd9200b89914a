import { isTrouble } from "../dapr/daprd-clock.ts";
import { SitecarError } from "../errors/index.ts";
import type { VirtualSidecar } from "./virtual-sidecars.ts";

/** A step of the virtual clock, before it is taken. */
export interface CountedStep {
  /** As a message has it: `by 24h`. */
  readonly said: string;
  readonly to: string;
  /** More ticks than so many are refused. */
  readonly most: number;
}

/** So far it is counted how many too many they are. */
const COUNTED = 1_000_000;

/** @throws {SitecarError} CLOCK_STEP_INVALID where more ticks are due than the step may fire. */
export async function checkTickCount(
  sidecars: readonly VirtualSidecar[],
  { said, to, most }: CountedStep,
): Promise<void> {
  const counts = await Promise.all(
    sidecars.map(async (sidecar) => {
      const answer = await sidecar.clock.count(to, COUNTED);
      return { sidecar, count: isTrouble(answer) ? 0 : answer.count };
    }),
  );
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  if (total <= most) return;
  const bindings = await Promise.all(
    counts
      .filter(({ count }) => count > 0)
      .map(async ({ sidecar, count }) => {
        const state = await sidecar.clock.state();
        const schedules = isTrouble(state)
          ? ""
          : state.bindings.map(({ name, schedule }) => `${name} ${schedule}`).join(", ");
        return { label: `${sidecar.container} (${sidecar.instance})`, value: `${many(count)}: ${schedules}` };
      }),
  );
  throw new SitecarError("CLOCK_STEP_INVALID", {
    message: `to go ${said}, the virtual clock would fire ${many(total)} ticks, and ${most.toLocaleString("en")} at once are allowed.`,
    observations: bindings,
    remedy:
      "go in smaller steps, allow more (`mostTicks`, --most-ticks), or give the binding a longer interval; one of no length fires without end.",
  });
}

function many(count: number): string {
  return count > COUNTED ? `more than ${COUNTED.toLocaleString("en")}` : count.toLocaleString("en");
}
