import type { EventOf } from "../timeline/events.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { inInstance, observed, seconds } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

/** The last lines may be read a little after the engine has told of the end. */
const OUTPUT_DELAY_MS = 2000;
const LONGEST_QUOTE = 400;

/** No container of the site's ends by itself before the site is stopped: neither by a crash nor with 0. */
export const nothingExits: BuiltInContract = {
  name: "nothingExits",
  promise: "No container ends by itself before the site is stopped.",
  about:
    "Of every container that was started: one that ends before the stop, with whatever code, and that neither the schedule nor a fault nor a test has ended.",
  symptoms: ['container "…" exits (…)', 'container "…" runs out of memory'],
  judge: (record) => record.plan.containers.flatMap(({ name }) => judgeContainer(record, name)),
};

/** None for a container that was never started. */
function judgeContainer(record: RunRecord, container: string): readonly Judgement[] {
  const contract = `nothingExits(${JSON.stringify(container)})`;
  const starts = observed(record, "container.started").filter((event) => event.container === container);
  if (starts.length === 0) return [];
  const exits = observed(record, "container.exited").filter(
    (event) => event.container === container && !event.asked,
  );
  if (exits.length === 0) {
    const evidence = [
      `runs${starts.length > 1 ? ` (${starts.length} starts)` : ""}; no end but what was asked for`,
    ];
    return [{ contract, verdict: "held", evidence }];
  }
  // One for each way of ending.
  return [...Map.groupBy(exits, describeEnd)].map(([how, same]) => ({
    contract,
    verdict: "broken",
    symptom: `container "${container}" ${how}`,
    evidence: same.flatMap((exit) => [
      `ended with ${exit.exitCode} at +${seconds(exit.tMs)}${inInstance(record, exit.instance)}`,
      ...lastLine(record, exit),
    ]),
    remedy: `read the last lines of "${container}"; \`sitecar explain\` names the causes that it knows.`,
  }));
}

function describeEnd({ exitCode, outOfMemory }: EventOf<"container.exited">): string {
  return outOfMemory ? "runs out of memory" : `exits (${exitCode})`;
}

function lastLine({ lines }: RunRecord, exit: EventOf<"container.exited">): readonly string[] {
  const last = lines.findLast(
    ({ container, instance, tMs, text }) =>
      container === exit.container &&
      (instance === undefined || instance === exit.instance) &&
      tMs <= exit.tMs + OUTPUT_DELAY_MS &&
      text.trim() !== "",
  );
  if (last === undefined) return [];
  const { text } = last;
  return [`its last line: ${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)} …` : text}`];
}
