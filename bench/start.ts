import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Deadline,
  prepareHost,
  readSite,
  startSite,
  type ScheduleInput,
  type Timeline,
  type TimelineEvent,
} from "../harness/index.ts";
import { byName, formatSummaries, summarize } from "./statistics.ts";

const DAPR_PORT = 3500;
const MAIN_PORT = 9000;
const EXAMPLE = "fixtures/sites/example";

/** The unit: one container from the request to create it until the engine says that it runs. */
const UNIT = "one container (the platform's)";

const VARIANTS: Readonly<Record<string, ScheduleInput>> = {
  "all at once: main looks for its sidecar too early, and looks again after 5 s": { main: 0 },
  "main 1 s after its sidecar": { main: 1_000 },
};

/** How long the example takes until its URL answers, images and engine being there; the variants take turns. */
export async function benchStart(runs: number): Promise<string> {
  const definition = await readSite(EXAMPLE);
  const host = await prepareHost([definition]);
  const runsDirectory = await mkdtemp(join(tmpdir(), "sitecar-bench-"));
  const measured = new Map<string, ReadonlyMap<string, number>[]>();
  try {
    for (let run = 0; run < runs; run++) {
      for (const [variant, schedule] of Object.entries(VARIANTS)) {
        const began = performance.now();
        await using site = await startSite(definition, { host, schedule, runsDirectory, until: "started" });
        const untilUrlMs = performance.now() - began;
        // The URL can answer before the agent has told that the port is open.
        await site.timeline.waitFor((events) => events.find(isMainOpen), {
          deadline: Deadline.in(10_000),
          description: "main's port",
        });
        const phases = new Map([...phasesOf(site.timeline), ["until the URL answers", untilUrlMs] as const]);
        measured.set(variant, [...(measured.get(variant) ?? []), phases]);
      }
    }
  } finally {
    await rm(runsDirectory, { recursive: true, force: true });
  }
  return [...measured].map(([variant, phases]) => report(variant, phases)).join("\n\n");
}

/** The timeline cut at what a start goes through; every cut is an event that was seen. */
function phasesOf({ events }: Timeline): readonly (readonly [string, number])[] {
  const phase = (name: string): number =>
    timeOf(
      name,
      events.find((event) => event.type === "phase" && event.name === name),
    );
  const started = (container: string): number =>
    timeOf(
      container,
      events.find((event) => event.type === "container.started" && event.container === container),
    );
  const opened = (port: number): number =>
    timeOf(
      `port ${port}`,
      events.find((event) => event.type === "port.opened" && event.port === port),
    );
  const beganMs = timeOf(
    "schedule",
    events.find((event) => event.type === "schedule.began"),
  );
  return [
    [UNIT, started("platform") - phase("creating")],
    ["the agent answers", phase("platform ready") - started("platform")],
    ["storage and all containers created, storage up", beganMs - phase("platform ready")],
    ["the sidecar's start", started("dapr") - beganMs],
    ["daprd serves, from its start", opened(DAPR_PORT) - started("dapr")],
    ["main listens, from its start", opened(MAIN_PORT) - started("main")],
  ];
}

function isMainOpen(event: TimelineEvent): boolean {
  return event.type === "port.opened" && event.port === MAIN_PORT;
}

function timeOf(what: string, event: { readonly tMs: number } | undefined): number {
  if (event === undefined) throw new Error(`the run's timeline has nothing of "${what}"`);
  return event.tMs;
}

function report(variant: string, phases: readonly ReadonlyMap<string, number>[]): string {
  const values = byName(phases);
  const unit = summarize(UNIT, values.get(UNIT) ?? []);
  const summaries = [...values].map(([name, all]) => summarize(name, all));
  return `${variant} (${phases.length} runs)\n${formatSummaries(summaries, unit)}`;
}
