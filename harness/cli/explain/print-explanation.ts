import { styleText } from "node:util";

import type { Judgement } from "../../contracts/contract.ts";
import { formatDivergence } from "../../diagnosis/divergence.ts";
import type { Evidence } from "../../diagnosis/diagnosis.ts";
import { printable } from "../explore/wrap.ts";
import { formatJudgement } from "../run-findings.ts";
import type { Explained, Explanation, Unexplained } from "./explanation.ts";
import type { RemedyTrial } from "./try-remedies.ts";

/** Why a run is broken, for a person: each cause with its evidence, source and remedies; then what no rule knows. */
export function formatExplanation({
  broken,
  unknown,
  causes,
  unexplained,
  runDirectory,
}: Explanation): string {
  const parts = [
    ...causes.map(formatCause),
    ...unexplained.map(formatUnexplained),
    ...(broken.length === 0 ? unknown.map(formatJudgement) : []),
    ...(broken.length === 0 && unknown.length === 0
      ? [`${styleText("green", "held")}: nothing is broken`]
      : []),
    `run: ${printable(runDirectory)}`,
  ];
  return parts.join("\n\n");
}

function formatCause({ diagnosis, breaks }: Explained): string {
  const { rule, cause, evidence, source, remedies } = diagnosis;
  return [
    `${styleText("red", "cause")}  ${printable(cause)}`,
    ...lines("breaks", breaks.map(formatBroken)),
    ...lines("evidence", evidence.map(formatEvidence)),
    ...lines("source", [`${source} (rule ${rule})`]),
    ...lines(
      "Fix:",
      remedies.map(
        ({ text, changes }) => `${printable(text)}${changes === undefined ? "" : " [can be tried]"}`,
      ),
    ),
  ].join("\n");
}

function formatUnexplained({ judgement, divergence }: Unexplained): string {
  return [
    `${styleText("red", "broken")}  ${formatBroken(judgement)}`,
    ...lines("seen", judgement.evidence.map(printable)),
    ...lines("cause", ["no rule knows it"]),
    ...(divergence === undefined
      ? lines("", ["and no run of the site is known in which it holds, to compare with"])
      : formatDivergence(divergence).map((line) => `  ${printable(line)}`)),
  ].join("\n");
}

/** What became of the remedies that were tried, as they were tried. */
export function formatTrial({
  result,
  changes,
  detail,
  newlyBroken,
  runs,
  runDirectory,
}: RemedyTrial): string {
  const what = printable(changes.join("; "));
  const told = {
    proved: `${styleText("green", "green")}    with ${what}${runs > 1 ? ` (${runs} of ${runs} runs)` : ""}`,
    partly: `${styleText("yellow", "partly")}   with ${what}`,
    "still-broken": `${styleText("red", "red")}      still, with ${what}`,
    unknown: `${styleText("yellow", "unknown")}  with ${what}`,
    "not-applicable": `${styleText("yellow", "not tried")} ${what}`,
  }[result];
  return [
    `  ${told}`,
    ...lines("seen", detail.slice(0, 3).map(printable)),
    ...lines(
      "but",
      newlyBroken.map((one) => `${one}, which was not broken before`),
    ),
    ...(runDirectory === undefined ? [] : lines("run", [printable(runDirectory)])),
  ].join("\n");
}

function formatBroken({ contract, symptom }: Judgement): string {
  return printable(symptom === undefined ? contract : `${contract}: ${symptom}`);
}

function formatEvidence({ source, tMs, quote }: Evidence): string {
  const at = tMs === undefined ? "" : `+${(tMs / 1000).toFixed(2)} s `;
  return printable(`${at}${source}: ${quote.replaceAll("\n", " ⏎ ")}`);
}

function lines(label: string, texts: readonly string[]): readonly string[] {
  return texts.map(
    (text, index) =>
      `  ${(index === 0 ? label : "").padEnd(9)} ${text.replaceAll("\n", `\n${" ".repeat(12)}`)}`,
  );
}
