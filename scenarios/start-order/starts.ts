import { poll, Deadline } from "../../harness/shared/clock.ts";
import type { ScheduleInput } from "../../harness/schedule/schedule.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import type { OutputLine } from "../../harness/runtime/container-output.ts";
import { untilEvent } from "../support/observations.ts";
import type { Cell, Moment, Starts, StartTime, Variant } from "./cells.ts";
import { momentsOf } from "./moments.ts";

/** The Dapr client's first try has failed (daprd.md §5). */
export const CLIENT_WAITS = "Awaiting Sidecar to be Started";
/** entrypoint.sh, each 5 s. */
const ENTRYPOINT_WAITS = "waiting for the Dapr sidecar";

export const SEEN_WITHIN_MS = 60_000;

/** The part of the starts that is made by the clock. */
export function scheduleOf(starts: Starts): ScheduleInput {
  return Object.fromEntries(
    Object.entries(starts).map(([container, when]) => [container, typeof when === "number" ? when : "never"]),
  );
}

/** Makes the other starts, each as soon as what it waits for was seen. */
export async function startByHand(site: RunningSite, { starts, variant }: Cell): Promise<void> {
  for (const [container, when] of Object.entries(starts)) {
    if (typeof when === "number") continue;
    await untilSeen(site, when, variant);
    await site.container(container).start();
  }
}

async function untilSeen(
  site: RunningSite,
  when: Exclude<StartTime, number>,
  variant: Variant,
): Promise<void> {
  if (when === "storage listens") await untilStorageStarted(site);
  else if (when !== "main is up") await untilMoment(site, when);
  else if (variant === "lazy") await untilMoment(site, "main listens");
  else await untilLine(site, variant === "waits" ? ENTRYPOINT_WAITS : CLIENT_WAITS);
}

/** Storage's start is that the site can reach it. */
async function untilStorageStarted(site: RunningSite): Promise<void> {
  await untilEvent(site, "container.started", {
    withinMs: SEEN_WITHIN_MS,
    matches: ({ container }) => container === "storage",
  });
}

async function untilMoment(site: RunningSite, moment: Moment): Promise<void> {
  await site.timeline.waitFor(() => momentsOf(site).get(moment), {
    deadline: Deadline.in(SEEN_WITHIN_MS),
    description: `"${moment}"`,
    signal: site.signal,
  });
}

async function untilLine(site: RunningSite, text: string): Promise<void> {
  const outcome = await poll(() => Promise.resolve(lineOf(site, text)), {
    deadline: Deadline.in(SEEN_WITHIN_MS),
    signal: site.signal,
  });
  if (!outcome.met) throw new Error(`main did not print "${text}" within ${SEEN_WITHIN_MS / 1000} s`);
}

/** The first of main's lines with this text. */
export function lineOf(site: RunningSite, text: string): OutputLine | undefined {
  return site
    .container("main")
    .lastLines(200)
    .find((line) => line.text.includes(text));
}
