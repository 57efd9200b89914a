import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { BUILT_IN_CONTRACTS } from "../harness/contracts/built-in.ts";
import type { SiteDefinition } from "../harness/definition/site-definition.ts";
import type { LaboratoryFigures, TrialOutcome } from "../harness/lab/trials/laboratory.ts";
import { openLaboratory } from "../harness/lab/trials/open-laboratory.ts";
import { readSite } from "../harness/definition/read-site.ts";
import type { Schedule } from "../harness/schedule/schedule.ts";
import { prepareHost, type Host } from "../harness/site/host.ts";
import { composeLoop, type ComposeFigures } from "./explore/compose-loop.ts";

const EXAMPLE = "fixtures/sites/example";
const TICK_EVERY = "1s";

/** Delays up to 5 s, as an exploration has them: between the constants of daprd, its client and main's entrypoint. */
const GAPS_MS = [0, 50, 200, 800, 1_500, 2_900, 3_100, 4_000, 4_900, 5_000];

/** Compose is so slow that a part of the schedules has to do. */
const COMPOSE_SHARE = 8;

interface Measured {
  readonly minutes: number;
  readonly outcomes: readonly TrialOutcome[];
  readonly figures: LaboratoryFigures;
}

/**
 * Schedules a minute: of the laboratory, of the same laboratory with one at a time, and of a Compose loop.
 * @param runs how many schedules.
 */
export async function benchExplore(runs: number): Promise<string> {
  const definition = await readSite(EXAMPLE);
  const host = await prepareHost([definition]);
  const schedules = schedulesOf(definition, runs);
  const many = await laboratoryLoop(definition, host, { schedules });
  const one = await laboratoryLoop(definition, host, { schedules, mostAtOnce: 1 });
  const compose = await composeLoop(host, schedules.slice(0, Math.max(2, Math.ceil(runs / COMPOSE_SHARE))));
  return [
    `${runs} schedules of the example, delays up to 5 s, cron bindings at @every ${TICK_EVERY}`,
    table(many, one, compose),
    costs(many.figures),
    differences(many.outcomes, one.outcomes),
  ].join("\n\n");
}

/** Both orders with every gap, again and again. */
function schedulesOf({ siteContainers }: SiteDefinition, count: number): readonly Schedule[] {
  const names = siteContainers.map(({ name }) => name);
  return Array.from({ length: count }, (_, index) => {
    const order = index % 2 === 0 ? names : names.toReversed();
    const gapMs = GAPS_MS[Math.floor(index / 2) % GAPS_MS.length] ?? 0;
    return { starts: order.map((container, place) => ({ container, atMs: place * gapMs })) };
  });
}

async function laboratoryLoop(
  definition: SiteDefinition,
  host: Host,
  { schedules, mostAtOnce }: { readonly schedules: readonly Schedule[]; readonly mostAtOnce?: number },
): Promise<Measured> {
  const runsDirectory = await mkdtemp(path.join(tmpdir(), "sitecar-bench-"));
  try {
    await using laboratory = await openLaboratory(definition, {
      host,
      contracts: BUILT_IN_CONTRACTS,
      runsDirectory,
      tickEvery: TICK_EVERY,
      schedules: schedules.length,
      ...(mostAtOnce === undefined ? {} : { mostAtOnce }),
    });
    const began = performance.now();
    const outcomes = await Promise.all(schedules.map(async (schedule) => await laboratory.run(schedule)));
    return { minutes: (performance.now() - began) / 60_000, outcomes, figures: laboratory.figures() };
  } finally {
    await rm(runsDirectory, { recursive: true, force: true });
  }
}

function table(many: Measured, one: Measured, compose: ComposeFigures | string): string {
  const rows: (readonly [name: string, perMinute: number, p95Ms: number, detail: string])[] = [
    rowOf("the laboratory", many),
    rowOf("the laboratory, one at a time", one),
  ];
  if (typeof compose !== "string") {
    rows.push(["a Compose loop", compose.perMinute, compose.p95LatenessMs, `${compose.schedules} schedules`]);
  }
  const unit = rows.at(-1)?.[1] ?? 1;
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = (name: string, cells: readonly string[], detail: string): string =>
    `${name.padEnd(width)}  ${cells.map((cell) => cell.padStart(13)).join("")}  ${detail}`;
  return [
    line("", ["a minute", "× the last", "p95 late ms"], ""),
    ...rows.map(([name, perMinute, p95Ms, detail]) =>
      line(name, [perMinute.toFixed(1), (perMinute / unit).toFixed(2), p95Ms.toFixed(0)], detail),
    ),
    ...(typeof compose === "string" ? [compose] : []),
  ].join("\n");
}

function rowOf(
  name: string,
  { minutes, outcomes, figures }: Measured,
): readonly [string, number, number, string] {
  const detail = `${figures.mostAtOnce} at a time at most, ${figures.repeated} repeated, ${countOf(outcomes, "unknown")} unknown`;
  return [name, outcomes.length / minutes, figures.lateness.p95Ms, detail];
}

function costs({ trials, processorSeconds, engineCalls, memoryBytes, benches }: LaboratoryFigures): string {
  const each = (value: number): string => (value / trials).toFixed(2);
  return [
    `processor seconds a schedule  ${each(processorSeconds)} (with benches, engine, containers, and what else the engine ran)`,
    `engine calls a schedule       ${each(engineCalls)}`,
    `memory of the harness         ${(memoryBytes / 1024 ** 2).toFixed(0)} MiB with ${benches} benches`,
  ].join("\n");
}

/** Where the verdict of a schedule, or what broke in it, depends on how many ran at a time. */
function differences(many: readonly TrialOutcome[], one: readonly TrialOutcome[]): string {
  const told = many.flatMap((outcome, index) => {
    const other = one[index];
    if (other === undefined || outcome.verdict === "unknown" || other.verdict === "unknown") return [];
    const [a, b] = [symptomsOf(outcome), symptomsOf(other)];
    if (a === b) return [];
    const starts = outcome.schedule.starts.map(({ container, atMs }) => `${container} ${atMs}`).join(", ");
    return [`  ${starts}: ${a || "held"}; one at a time ${b || "held"}`];
  });
  const compared = many.length - Math.max(countOf(many, "unknown"), countOf(one, "unknown"));
  return [`verdicts that differ from one at a time: ${told.length} of ${compared}`, ...told].join("\n");
}

function symptomsOf({ judgements }: TrialOutcome): string {
  const broken = judgements.filter(({ verdict }) => verdict === "broken");
  return broken
    .map(({ contract, symptom }) => `${contract}: ${symptom ?? ""}`)
    .toSorted()
    .join(" · ");
}

function countOf(outcomes: readonly TrialOutcome[], verdict: TrialOutcome["verdict"]): number {
  return outcomes.filter((outcome) => outcome.verdict === verdict).length;
}
