import { styleText } from "node:util";
import { formatTime } from "../../lab/report/words.ts";
import type { TrialOutcome } from "../../lab/laboratory.ts";
import { describeStep } from "../../schedule/describe-schedule.ts";
import type { TimelineEvent } from "../../timeline/events.ts";
import { formatEvent } from "../print-event.ts";
import { formatJudgement } from "../run-findings.ts";
import { formatTable } from "../table.ts";
import { printable } from "../explore/wrap.ts";
import type { ReplayOutcome } from "./replay-outcome.ts";

/** What happened in a run, one line each, without what only the record needs. */
export function formatEvents(events: readonly TimelineEvent[]): string {
  const inOrder = events.toSorted((one, other) => one.tMs - other.tMs);
  return inOrder.flatMap((event) => formatEvent(event) ?? []).join("\n");
}

/** Every start and step of the schedule: when it was to be, and how much later it was. */
export function formatTimes(events: readonly TimelineEvent[]): string {
  const rows = events.flatMap((event) => {
    if (event.type === "container.started" && event.plannedMs !== undefined) {
      return [[`${event.container} started`, planned(event.plannedMs), late(event.latenessMs ?? 0)]];
    }
    if (event.type === "schedule.step") {
      return [[printable(describeStep(event.step)), planned(event.plannedMs), late(event.latenessMs)]];
    }
    return [];
  });
  return formatTable([["", "planned", "really"], ...rows]);
}

function planned(ms: number): string {
  return formatTime(ms);
}

function late(ms: number): string {
  return `+${Math.max(0, Math.round(ms))} ms`;
}

/** What the contracts say of one run: those that are broken, else those that are unknown, with what was seen. */
export function formatOutcome({ judgements, reason, runDirectory, verdict }: TrialOutcome): string {
  const told = judgements.filter((one) => one.verdict !== "held");
  return [
    ...told.map(formatJudgement),
    ...(reason === undefined ? [] : [`${styleText("yellow", "unknown")}: ${printable(reason)}`]),
    ...(verdict === "held" ? [`${styleText("green", "held")}: ${judgements.length} contracts`] : []),
    `run: ${runDirectory}`,
  ].join("\n");
}

/** `broken as saved in 19 of 20 runs (95 %: 75–100 %); 1 held`. */
export function formatShare({
  runs,
  held,
  broken,
  unknown,
  asExpected,
  interval: [low, high],
}: ReplayOutcome): string {
  const judged = held + broken;
  const percent = `95 %: ${Math.round(low * 100)}–${Math.round(high * 100)} %`;
  const what = asExpected === undefined ? "broken" : "broken as it was saved for";
  const other =
    asExpected !== undefined && broken > asExpected ? `; ${broken - asExpected} broken in another way` : "";
  const rest = `${held > 0 ? `; ${held} held` : ""}${other}${unknown > 0 ? `; ${unknown} unknown, not counted` : ""}`;
  if (judged === 0) return `${unknown} of ${runs} runs unknown`;
  return `${what} in ${asExpected ?? broken} of ${judged} ${judged === 1 ? "run" : "runs"} (${percent})${rest}`;
}
