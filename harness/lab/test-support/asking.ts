import type { Judgement } from "../../contracts/contract.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import type { Random } from "../../shared/random.ts";
import { Asking } from "../narrow/asking.ts";
import { Trials } from "../all-trials.ts";
import { judged, SimulatedLaboratory, type SimulatedOptions } from "./simulated-laboratory.ts";

export interface AskedSite {
  readonly asking: Asking;
  readonly laboratory: SimulatedLaboratory;
}

const CLASS = { key: "siteStarts: it breaks", contract: "siteStarts" };

/** A site with one contract, asked about its one class; without end of the time unless one is given. */
export function ask(
  breaks: (schedule: Schedule, random: Random) => boolean,
  options: SimulatedOptions = {},
  endMs = Number.MAX_SAFE_INTEGER,
): AskedSite {
  const site = (schedule: Schedule, random: Random): readonly Judgement[] => [
    judged("siteStarts", "it breaks", breaks(schedule, random)),
  ];
  const laboratory = new SimulatedLaboratory(site, options);
  const trials = new Trials(laboratory, { now: laboratory.now });
  return { laboratory, asking: new Asking(trials, CLASS, () => endMs) };
}

/** Starts in this order, at these times. */
export function starts(times: Readonly<Record<string, number>>): Schedule {
  return { starts: Object.entries(times).map(([container, atMs]) => ({ container, atMs })) };
}
