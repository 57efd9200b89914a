import { styleText } from "node:util";
import type { Exploration } from "../../lab/exploration.ts";
import { classLetters } from "../../lab/order-map.ts";
import { counted, formatTime } from "../../lab/report/words.ts";
import { verdictOf } from "../../lab/verdict-of.ts";
import { formatClass } from "./print-class.ts";
import { formatMap } from "./print-map.ts";
import { printable, wrap } from "./wrap.ts";

const LEAST_WIDTH = 80;
const MOST_WIDTH = 120;
/** How many of the schedules that were left out are named; the report names all. */
const LEFT_OUT_NAMED = 3;

/** The width that the output is made for. @param columns of the terminal; `undefined`: none, for example a file. */
export function outputWidth(columns: number | undefined): number {
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, columns ?? 100));
}

/** The whole result for a person at a terminal: each class, the map, what was left out, and where the report is. */
export function formatExploration(
  exploration: Exploration,
  { width, reportFile }: { readonly width: number; readonly reportFile: string },
): string {
  const { classes, tried, disturbances } = exploration;
  const letters = classLetters(exploration);
  const parts = [
    ...classes.map((one) => formatClass(one, letters.get(one.key) ?? "", width)),
    ...(tried.some(({ disturbance }) => disturbance === undefined) ? [formatMap(exploration, width)] : []),
    ...(disturbances.length === 0 ? [] : [formatDisturbances(exploration, letters, width)]),
    ...unknowns(exploration, width),
    ...notTried(exploration, width),
    [summary(exploration), `report: ${printable(reportFile)}`].join("\n"),
  ];
  return parts.join("\n\n");
}

/** `broken: example: 137 held, 12 broken, 1 unknown of 150 schedules, in 4 min 0 s`. */
function summary(exploration: Exploration): string {
  const { site, tried, tookMs, shard } = exploration;
  const verdict = verdictOf(exploration);
  const colour = verdict === "held" ? "green" : verdict === "broken" ? "red" : "yellow";
  const count = (one: string): string => `${tried.filter((trial) => trial.verdict === one).length} ${one}`;
  const counts = [count("held"), count("broken"), count("unknown")].join(", ");
  const part = shard === undefined ? "" : ` (shard ${shard.index} of ${shard.of})`;
  const all = `${counts} of ${counted(tried.length, "schedule")}${part}, in ${formatTime(tookMs)}`;
  return `${styleText(colour, verdict)}: ${printable(site)}: ${all}`;
}

const COLOURS = { held: "green", broken: "red", unknown: "yellow" } as const;
const VERDICT_WIDTH = "not tried".length;
const LETTERS_WIDTH = 8;

function formatDisturbances(
  { tried, disturbances }: Exploration,
  letters: ReadonlyMap<string, string>,
  width: number,
): string {
  const left = VERDICT_WIDTH + LETTERS_WIDTH + 6;
  const lines = disturbances.flatMap(({ name }) => {
    const here = tried.filter(({ disturbance }) => disturbance === name);
    const [first = "", ...more] = wrap(name, width - left);
    const heads = here.map(({ verdict, classes }) => {
      const which = classes.map((key) => letters.get(key) ?? "!").join(" ");
      return `${styleText(COLOURS[verdict], verdict.padEnd(VERDICT_WIDTH))}  ${which.padEnd(LETTERS_WIDTH)}`;
    });
    const nothing = `${styleText("dim", "not tried")}  ${" ".repeat(LETTERS_WIDTH)}`;
    return (heads.length === 0 ? [nothing] : heads).flatMap((head) => [
      `  ${head}  ${first}`,
      ...more.map((text) => `${" ".repeat(left)}${text}`),
    ]);
  });
  return [styleText("bold", "disturbances"), ...lines].join("\n");
}

/** Why some could not be judged: what differs in its numbers alone once, with the first's. */
function unknowns({ tried }: Exploration, width: number): readonly string[] {
  const reasons = tried.flatMap(({ verdict, reason }) =>
    verdict === "unknown" ? [reason ?? "no reason is known"] : [],
  );
  if (reasons.length === 0) return [];
  const alike = Map.groupBy(reasons, (reason) => reason.replaceAll(/\d+/g, "0"));
  const lines = [...alike.values()].flatMap((same) => wrap(`${same.length} × ${same[0] ?? ""}`, width - 2));
  return [[styleText("yellow", "unknown"), ...lines.map((text) => `  ${text}`)].join("\n")];
}

function notTried(
  { leftOut, points, sampled, endedEarly, budgetMs }: Exploration,
  width: number,
): readonly string[] {
  const named = leftOut.slice(0, LEFT_OUT_NAMED).join("; ");
  const sentences = [
    ...(endedEarly === undefined ? [] : [`Ended early: ${endedEarly}`]),
    ...(sampled === undefined ? [] : [sampled]),
    ...(leftOut.length === 0
      ? []
      : [
          `${leftOut.length} of ${points} schedules were left out for want of time (${formatTime(budgetMs)}): ${named}${leftOut.length > LEFT_OUT_NAMED ? "; … all in the report" : ""}`,
        ]),
  ];
  if (sentences.length === 0) return [];
  const lines = sentences.flatMap((text) => wrap(text, width - 2)).map((text) => `  ${text}`);
  return [[styleText("bold", "not tried"), ...lines].join("\n")];
}
