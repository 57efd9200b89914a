import os from "node:os";
import path from "node:path";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import { instancesOf } from "../../plan/instances-of.ts";
import { processorTime } from "../../runtime/processor-time.ts";
import { Bench, type BenchOptions } from "../../site/bench.ts";
import { prepareHost } from "../../site/host.ts";
import type { AttemptParts } from "./attempt.ts";
import { BackgroundWork } from "./background-work.ts";
import { BenchPool } from "./bench-pool.ts";
import type { Laboratory } from "./laboratory.ts";
import type { LaboratoryOptions, TrialLimits } from "./laboratory-options.ts";
import { BENCH_BYTES, Pace } from "./pace.ts";
import { RunningLaboratory } from "./running-laboratory.ts";
import { shortenCron } from "./shorten-cron.ts";
import { Spacing } from "./spacing.ts";
import { Timetable } from "./timetable.ts";

const DEFAULT_LIMITS: TrialLimits = { ticks: 2, settleMs: 40_000 };
const LATENESS_BOUND_MS = 100;
/** Creating, removing and clearing: so many at a time. */
const BACKGROUND_LANES = 2;
/** How many trials the pace begins with, where few schedules are to be tried. */
const FIRST_AT_ONCE = 6;
/** More benches than this are made ahead only by a machine that turns out to bear more. */
const MOST_MADE_AHEAD = 16;
/**
 * Each bench has a network, and an engine's own address pools hold some 30: Docker's are fifteen of 172.16.0.0/12 and sixteen of
 * 192.168.0.0/16, of which others on the machine have some. A range of our choice is no way out: the engine takes it even
 * where it is the machine's own network.
 */
export const MOST_BENCHES = 24;
/** A bench is worth its making when so many schedules are tried on it. */
const SCHEDULES_A_BENCH = 4;

/**
 * Opens a laboratory for a site: a place where it is run under many schedules, several at a time.
 * @throws {SitecarError} what `prepareHost` and `makePlan` throw; USAGE for a `tickEvery` that is no duration.
 */
export async function openLaboratory(
  definition: SiteDefinition,
  options: LaboratoryOptions,
): Promise<Laboratory> {
  const { signal, instances = instancesOf(definition) } = options;
  signal?.throwIfAborted();
  const host =
    options.host ??
    (await prepareHost([definition], {
      ...(options.images === undefined ? {} : { images: options.images }),
      ...(options.progress === undefined ? {} : { progress: options.progress }),
      ...(signal === undefined ? {} : { signal }),
    }));
  const processorTimeBefore = await processorTime();
  const timetable = new Timetable();
  const work = new BackgroundWork(timetable, BACKGROUND_LANES);
  const forBenches = benchOptions({ ...options, host, instances });
  const benches = new BenchPool(() => Bench.create(definition, forBenches), work);
  try {
    const attempts: AttemptParts = {
      timetable,
      work,
      spacing: new Spacing(definition.siteContainers.length * instances),
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      contracts: options.contracts,
      runsDirectory: options.runsDirectory,
      ...(options.tickEvery === undefined
        ? {}
        : await shortenCron(benches, definition, options, options.tickEvery)),
    };
    const latenessBoundMs = options.latenessBoundMs ?? LATENESS_BOUND_MS;
    const madeAhead = benchesMadeAhead(options);
    const pace = new Pace({
      latenessBoundMs,
      first: madeAhead,
      mostAtOnce: Math.min(options.mostAtOnce ?? MOST_BENCHES, MOST_BENCHES),
    });
    await benches.stock(madeAhead, signal ?? new AbortController().signal);
    const { engine } = host;
    return new RunningLaboratory({
      engine,
      attempts,
      benches,
      pace,
      latenessBoundMs,
      signal,
      processorTimeBefore,
      processorTimeAhead: await processorTime(),
    });
  } catch (error) {
    await benches.dispose().catch(() => undefined); // the failure that led here is the one to tell
    throw error;
  }
}

function benchesMadeAhead({ schedules = 0, mostAtOnce = Infinity }: LaboratoryOptions): number {
  const worthIt = Math.ceil(schedules / SCHEDULES_A_BENCH);
  const fitting = Math.floor(os.freemem() / 2 / BENCH_BYTES);
  return Math.max(
    1,
    Math.min(mostAtOnce, fitting, Math.max(FIRST_AT_ONCE, Math.min(MOST_MADE_AHEAD, worthIt))),
  );
}

function benchOptions({
  host,
  files,
  images,
  settings,
  resources,
  instances,
  inputs,
  signal,
  runsDirectory,
}: LaboratoryOptions & Pick<BenchOptions, "host" | "instances">): BenchOptions {
  return {
    host,
    instances,
    benchesDirectory: path.join(runsDirectory, "benches"),
    // What the site does by itself is looked at, not what the platform makes of it.
    settings: { ...settings, onContainerExitAfterStart: "leave", onStartFailure: "hold" },
    ...(files === undefined ? {} : { files }),
    ...(images === undefined ? {} : { images }),
    ...(resources === undefined ? {} : { resources }),
    ...(inputs === undefined ? {} : { inputs }),
    ...(signal === undefined ? {} : { signal }),
  };
}
