import { styleText } from "node:util";
import type { Judgement } from "../contracts/contract.ts";
import { firesOnce } from "../contracts/fires-once.ts";
import type { Timeline } from "../timeline/timeline.ts";

/** What a run shows to be broken, by contracts that ask nothing of the site: its record is enough. */
export function findingsOfRun(timeline: Timeline): readonly Judgement[] {
  const cron = timeline
    .of("component.loaded")
    .filter(({ componentType }) => componentType === "bindings.cron")
    .map(({ component }) => component);
  return [...new Set(cron)]
    .map((component) => firesOnce(timeline, component))
    .filter(({ verdict }) => verdict === "broken")
    .map((judgement) => (isVirtual(timeline) ? { ...judgement, time: "virtual" } : judgement));
}

function isVirtual({ events: [first] }: Timeline): boolean {
  return first?.virtual !== undefined;
}

/** A judgement for a person's eyes: verdict, evidence, remedy. */
export function formatJudgement({ contract, verdict, evidence, remedy, time }: Judgement): string {
  const colour = verdict === "held" ? "green" : verdict === "broken" ? "red" : "yellow";
  return [
    `${styleText(colour, verdict)}${time === undefined ? "" : ` in ${time} time`}: ${contract}`,
    ...evidence.map((seen) => `  ${seen}`),
    ...(remedy === undefined ? [] : [`  Fix: ${remedy}`]),
  ].join("\n");
}
