import { bindingRoute } from "../dapr/component-files.ts";
import { judgeReadiness } from "../dapr/readiness.ts";
import { bindingLives, type BindingLife } from "./binding-lives.ts";
import { followsFromExit } from "./consequence.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { intervalAt, isExcused, missedTicks, READING_MS } from "./due-ticks.ts";
import { mergeInstances } from "./merge-instances.ts";
import { inInstance, observed, originOf, seconds } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";
import { judgeVirtualTicks } from "./virtual-ticks.ts";

/**
 * Each due tick of a cron binding had exactly one successful delivery. Not counted are ticks while the schedule or a fault has
 * something of the site out of reach, until one interval after it is back.
 */
export const ticksDelivered: BuiltInContract = {
  name: "ticksDelivered",
  promise: "Each due tick of a cron binding has exactly one successful delivery.",
  about:
    "By daprd's counters, which are read every tenth of a second. Due ticks follow from the schedule and from when daprd found the app; `@every` counts from tick to tick. Not counted is what the schedule or a fault disturbs, until one interval after everything is back, what may still be under way at the end, and what a storage or container that the schedule starts late can't do yet. `unknown` where no tick was due, and where the counters could not be read. In virtual time ticks are due when its clock says so, and are counted one by one; none overlap there.",
  symptoms: [
    'ticks of "…" fail',
    'ticks of "…" are missed',
    'ticks of "…" are posted again',
    'ticks of "…" overlap',
  ],
  judge: (record) =>
    mergeInstances(
      [...Map.groupBy(bindingLives(record), ({ component }) => component.name).values()].flatMap((lives) =>
        judgeBinding(record, lives),
      ),
    ),
};

function judgeBinding(record: RunRecord, lives: readonly BindingLife[]): readonly Judgement[] {
  const [first] = lives;
  if (first === undefined) return [];
  const contract = `ticksDelivered(${JSON.stringify(first.component.name)})`;
  if (record.plan.virtualTime !== undefined) return [judgeVirtualTicks(record, first.component, contract)];
  const broken = lives.flatMap((binding) => [
    ...failed(record, binding),
    ...missed(record, binding),
    ...postedAgain(record, binding),
    ...overlapping(record, binding),
  ]);
  const certain = broken.filter(({ verdict }) => verdict === "broken");
  if (certain.length > 0) return certain.map((judgement) => ({ ...judgement, contract }));
  const [doubtful] = broken;
  if (doubtful !== undefined) return [{ ...doubtful, contract }];
  const blind = observersThatFailed(record);
  if (blind.length > 0) return [{ contract, verdict: "unknown", evidence: blind }];
  const counted = lives.reduce(
    (sum, { calls, unseen }) => sum + calls.length + unseen.success + unseen.failed,
    0,
  );
  return counted === 0
    ? [{ contract, verdict: "unknown", evidence: ["no tick was due while it could be seen"] }]
    : [{ contract, verdict: "held", evidence: [`${counted} ticks, each due one delivered once`] }];
}

type Found = Omit<Judgement, "contract">;

function failed(record: RunRecord, binding: BindingLife): readonly Found[] {
  const originMs = originOf(record);
  const { component, calls, unseen, life, instance } = binding;
  const counted = calls.filter(
    ({ success, calledMs, doneMs }) =>
      !success && !isExcused(binding, { fromMs: calledMs, toMs: doneMs }, originMs),
  );
  const last = { fromMs: life.toMs - READING_MS, toMs: life.toMs };
  const late = isExcused(binding, last, originMs) ? 0 : unseen.failed;
  if (counted.length + late === 0) return [];
  const times = counted.slice(0, 3).map(({ calledMs }) => `+${seconds(calledMs)}`);
  return [
    {
      verdict: "broken",
      symptom: `ticks of "${component.name}" fail`,
      ...followsFromExit(record, instance, (counted[0]?.doneMs ?? life.toMs) + READING_MS),
      evidence: [
        `${counted.length + late} of ${calls.length + unseen.success + unseen.failed} deliveries failed${inInstance(record, instance)}${
          times.length === 0 ? "" : `, called at ${times.join(", ")}${counted.length > 3 ? ", …" : ""}`
        }`,
      ],
      remedy: `see what the app answers to POST ${bindingRoute(component)}: daprd does not try a failed tick again, and says so at debug level only.`,
    },
  ];
}

function missed(record: RunRecord, binding: BindingLife): readonly Found[] {
  const found = missedTicks(binding, { untilMs: record.observedUntilMs, originMs: originOf(record) });
  if (found === undefined) return [];
  const blind = observersThatFailed(record);
  const { component, instance } = binding;
  const evidence = [
    `${found.count} due ticks were not delivered${inInstance(record, instance)}, the first at about +${seconds(found.firstMs)}`,
  ];
  if (!found.certain || blind.length > 0) {
    const doubt = "daprd's counters could not be read at the end, so they may have been under way";
    return [{ verdict: "unknown", evidence: [...evidence, ...(found.certain ? blind : [doubt])] }];
  }
  return [
    {
      verdict: "broken",
      symptom: `ticks of "${component.name}" are missed`,
      ...(isSilent(record, binding)
        ? { because: `bindingsActive(${JSON.stringify(component.name)})` }
        : followsFromExit(record, instance, found.firstMs + READING_MS)),
      evidence,
      remedy: "see what daprd did at that time; a binding that an app health check has stopped misses ticks.",
    },
  ];
}

/** It never fired, and daprd's account says that it does not read it. */
function isSilent(
  record: RunRecord,
  { component, container, instance, calls, unseen }: BindingLife,
): boolean {
  const snapshot = record.snapshots.get(instance)?.get(container);
  if (snapshot === undefined || calls.length + unseen.success + unseen.failed > 0) return false;
  const { inputBindings } = judgeReadiness(record.componentFiles.get(container) ?? [], snapshot);
  return inputBindings.some((one) => one.component === component.name && one.state !== "active");
}

/** A retry policy takes every answer but 200 for a failure, 204 too (daprd.md §2). */
function postedAgain(
  record: RunRecord,
  { component, metrics, unseen, calls, instance }: BindingLife,
): readonly Found[] {
  if (metrics === null) return [];
  const route = bindingRoute(component);
  const sharing = record.componentFiles
    .values()
    .flatMap((files) => files.flatMap(({ components }) => components))
    .filter((one) => bindingRoute(one) === route);
  if ([...sharing].length > 1) return [];
  const { answers } = metrics.deliveryPosts(route);
  const good = [...answers].filter(([status]) => status >= 200 && status < 300);
  const posts = good.reduce((sum, [, count]) => sum + count, 0);
  const delivered = calls.filter(({ success }) => success).length + unseen.success;
  if (posts <= delivered) return [];
  return [
    {
      verdict: "broken",
      symptom: `ticks of "${component.name}" are posted again`,
      evidence: [
        `${posts} posts to ${route} were answered ${good.map(([status]) => status).join(", ")}, for ${delivered} ticks${inInstance(record, instance)}`,
      ],
      remedy:
        "answer exactly 200: under a retry policy daprd takes 202 and 204 for failures and posts again.",
    },
  ];
}

function overlapping(record: RunRecord, binding: BindingLife): readonly Found[] {
  const originMs = originOf(record);
  const { component, calls, pending = 0, instance } = binding;
  const slow = calls.filter(({ calledMs, doneMs }) => {
    const intervalMs = intervalAt(binding, originMs + calledMs);
    return (
      doneMs - calledMs > intervalMs * 1.1 + READING_MS / 2 &&
      !isExcused(binding, { fromMs: calledMs, toMs: doneMs }, originMs)
    );
  });
  const end = { fromMs: record.observedUntilMs, toMs: record.observedUntilMs };
  const together = pending > 1 && !isExcused(binding, end, originMs) ? pending : 0;
  if (slow.length === 0 && together === 0) return [];
  const longest = Math.max(...slow.map(({ calledMs, doneMs }) => doneMs - calledMs));
  return [
    {
      verdict: "broken",
      symptom: `ticks of "${component.name}" overlap`,
      evidence: [
        ...(slow.length === 0
          ? []
          : [
              `${slow.length} of ${calls.length} calls took longer than the interval${inInstance(record, instance)}, the longest ${seconds(longest)}`,
            ]),
        ...(together === 0
          ? []
          : [`${together} calls were under way at the end${inInstance(record, instance)}`]),
      ],
      remedy:
        "make the handler faster than the interval, lengthen the interval, or let the handler refuse to run twice; daprd has no limit and no time-out of its own.",
    },
  ];
}

function observersThatFailed(record: RunRecord): readonly string[] {
  return observed(record, "observer.failed")
    .filter(({ observer }) => observer.endsWith("metrics"))
    .map(({ tMs, observer, detail }) => `${observer} could not be observed at +${seconds(tMs)}: ${detail}`);
}
